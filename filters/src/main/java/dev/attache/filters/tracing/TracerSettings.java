package dev.attache.filters.tracing;

import dev.attache.config.extension.CompileContext;

/**
 * What runtime says of when a tracer sends: {@code tracing.<name>.min_flush_spans} and {@code
 * flush_interval_ms}.
 */
public record TracerSettings(int flushSpans, long flushMillis) {

    private static final long SPANS = 5;
    private static final long INTERVAL = 5_000;

    public static TracerSettings of(String tracer, CompileContext context) {
        var runtime = context.settings().runtime();
        String prefix = "tracing." + tracer + ".";
        return new TracerSettings(
                (int)
                        Math.clamp(
                                runtime.integer(prefix + "min_flush_spans").orElse(SPANS),
                                1,
                                1 << 20),
                Math.max(1, runtime.integer(prefix + "flush_interval_ms").orElse(INTERVAL)));
    }

    /**
     * A {@code UInt32Value} that says how many may wait.
     *
     * @param unsigned its bits
     */
    public static int count(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
