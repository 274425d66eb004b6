package dev.attache.config.core;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.worker.JitteredTime;
import io.envoyproxy.envoy.type.v3.Percent;

/** {@code google.protobuf.Duration} to milliseconds. */
public final class Durations {
    private Durations() {}

    /**
     * Milliseconds, rounded down. A negative duration is an error at the context's path, in Envoy's
     * words.
     */
    public static long millis(Duration duration, CompileContext context) {
        if (duration.getSeconds() < 0 || duration.getNanos() < 0) {
            context.error("Invalid duration: Expected positive duration: " + text(duration));
            return 0;
        }
        if (duration.getNanos() > 999_999_999) {
            context.error("Invalid duration: Duration out-of-range: " + text(duration));
            return 0;
        }
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }

    /** As {@link #millis(Duration, CompileContext)}, or the default if the field is not set. */
    public static long millis(
            boolean present, Duration duration, long otherwise, CompileContext context) {
        return present ? millis(duration, context) : otherwise;
    }

    /** Of a newer field of {@code holder}; 0 where it is not set. */
    public static long newer(String field, Message holder, CompileContext context) {
        Duration duration = Overlay.of(holder).message(field, Duration.getDefaultInstance());
        return duration == null ? 0 : millis(duration, context.at(field));
    }

    /** The time with a newer field of {@code holder}, a {@code Percent}, as its jitter. */
    public static JitteredTime jittered(long millis, Message holder, String jitter) {
        Percent percent = Overlay.of(holder).message(jitter, Percent.getDefaultInstance());
        return new JitteredTime(millis, percent == null ? 0 : percent.getValue());
    }

    /** As protobuf's text format has it, in one line. */
    private static String text(Duration duration) {
        String seconds = duration.getSeconds() == 0 ? "" : "seconds: " + duration.getSeconds();
        String nanos = duration.getNanos() == 0 ? "" : "nanos: " + duration.getNanos();
        return seconds.isEmpty() || nanos.isEmpty() ? seconds + nanos : seconds + " " + nanos;
    }
}
