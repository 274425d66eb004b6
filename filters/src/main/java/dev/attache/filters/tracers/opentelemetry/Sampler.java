package dev.attache.filters.tracers.opentelemetry;

import dev.attache.filters.cel.CelExpression;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.tracing.Sampling.Share;
import dev.attache.proxy.tracing.TraceParent;
import org.jspecify.annotations.Nullable;

/** {@code envoy.extensions.tracers.opentelemetry.samplers}: what is sampled. Immutable. */
sealed interface Sampler {

    /**
     * @param parent the context that the request brings, or null
     * @param about the request, before it is sent anywhere
     */
    boolean samples(@Nullable TraceParent parent, String traceId, FormatContext about);

    /** {@code AlwaysOnSamplerConfig}. */
    record AlwaysOn() implements Sampler {
        @Override
        public boolean samples(@Nullable TraceParent parent, String traceId, FormatContext about) {
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
        public boolean samples(@Nullable TraceParent parent, String traceId, FormatContext about) {
            return parent == null ? root.samples(null, traceId, about) : parent.sampled();
        }
    }

    /** {@code TraceIdRatioBasedSamplerConfig}. */
    record TraceIdRatio(Share share) implements Sampler {
        private static final int LOW = 16;

        @Override
        public boolean samples(@Nullable TraceParent parent, String traceId, FormatContext about) {
            return share.includes(Long.parseUnsignedLong(traceId, LOW, 32, 16));
        }
    }

    /**
     * {@code CELSamplerConfig}: what is no true is no. Two of one message are the same, so that
     * tracers with them are shared.
     *
     * @param source what the expression was compiled from, by which it is told apart
     */
    record Expression(Object source, CelExpression expression) implements Sampler {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Expression that && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return source.hashCode();
        }

        @Override
        public boolean samples(@Nullable TraceParent parent, String traceId, FormatContext about) {
            return expression.matches(about);
        }
    }
}
