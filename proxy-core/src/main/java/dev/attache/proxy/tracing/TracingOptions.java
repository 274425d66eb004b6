package dev.attache.proxy.tracing;

import dev.attache.proxy.stream.format.Formatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code HttpConnectionManager.Tracing} without its provider. Immutable.
 *
 * @param verbose spans tell when what came and went
 * @param maxPathTagLength of the path in {@code http.url}, in octets
 * @param spawnUpstreamSpan each attempt at an upstream has a span of its own
 * @param propagates upstreams are told of the trace
 * @param operation names the server's span, or null
 * @param upstreamOperation names those of attempts, or null
 */
public record TracingOptions(
        Sampling sampling,
        List<CustomTag> tags,
        boolean verbose,
        long maxPathTagLength,
        boolean spawnUpstreamSpan,
        boolean propagates,
        @Nullable Formatter operation,
        @Nullable Formatter upstreamOperation) {

    public TracingOptions {
        tags = List.copyOf(tags);
    }
}
