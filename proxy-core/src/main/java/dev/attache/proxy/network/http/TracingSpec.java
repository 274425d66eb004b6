package dev.attache.proxy.network.http;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.tracing.Tracer;
import dev.attache.proxy.tracing.TracingOptions;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpConnectionManager.Tracing}. Immutable.
 *
 * @param provider null: sampling is decided, written and counted, and no spans are made
 */
public record TracingSpec(TracingOptions options, @Nullable Provider provider) {

    /** A tracer's configuration: {@code envoy.config.trace.v3.Tracing.Http}. Immutable. */
    public interface Provider {

        /** The tracer of one chain on one worker, closed when the chain is. */
        Opened open(NetworkFilterContext context);
    }

    /** A tracer in use, given back once the chain that used it has closed. */
    public record Opened(Tracer tracer, Runnable release) {
        static final Opened NONE = new Opened(Tracer.NONE, () -> {});
    }
}
