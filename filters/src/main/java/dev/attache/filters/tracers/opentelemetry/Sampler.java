package dev.attache.filters.tracers.opentelemetry;

import dev.attache.proxy.tracing.Sampling.Share;
import dev.attache.proxy.tracing.TraceParent;
import org.jspecify.annotations.Nullable;

/** {@code envoy.extensions.tracers.opentelemetry.samplers}: what is sampled. Immutable. */
sealed interface Sampler {

    /**
     * @param parent the context that the request brings, or null
     */
    boolean samples(@Nullable TraceParent parent, String traceId);

    /** {@code AlwaysOnSamplerConfig}. */
    record AlwaysOn() implements Sampler {
        @Override
        public boolean samples(@Nullable TraceParent parent, String traceId) {
            return true;
        }
    }

    /**
     * {@code ParentBasedSamplerConfig}.
     *
     * @param root decides where there is no parent
     */
    record ParentBased(Sampler root) implements Sampler {
        @Override
        public boolean samples(@Nullable TraceParent parent, String traceId) {
            return parent == null ? root.samples(null, traceId) : parent.sampled();
        }
    }

    /** {@code TraceIdRatioBasedSamplerConfig}. */
    record TraceIdRatio(Share share) implements Sampler {
        private static final int LOW = 16;

        @Override
        public boolean samples(@Nullable TraceParent parent, String traceId) {
            return share.includes(Long.parseUnsignedLong(traceId, LOW, 32, 16));
        }
    }
}
