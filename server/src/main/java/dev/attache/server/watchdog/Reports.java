package dev.attache.server.watchdog;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of loops that stand still, which Envoy only counts: the thread, its stack, and
 * the filter it is in. At most one report in ten seconds. The watchdog's thread only.
 */
final class Reports {

    private static final Logger LOG = LoggerFactory.getLogger("main");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int FRAMES = 40;
    private static final String PIPELINE = "dev.attache.proxy.pipeline.";

    private long last = -PAUSE_NANOS;
    private long kept;

    void standing(WatchedLoop loop, long millis, long now) {
        if (now - last < PAUSE_NANOS) {
            kept++;
            return;
        }
        LOG.warn(
                "{} has been in one turn of its loop for {} ms, and what it serves waits ({} more"
                        + " such turns since the last report). {}",
                loop.name(),
                millis,
                kept,
                where(loop));
        last = now;
        kept = 0;
    }

    /** The thread, the filter if one is being called, and the stack. */
    static String where(WatchedLoop loop) {
        Thread thread = loop.thread();
        if (thread == null) {
            return "It has not begun yet.";
        }
        StackTraceElement[] stack = thread.getStackTrace();
        String filter = filter(stack);
        StringBuilder text = new StringBuilder(64 * FRAMES).append("Thread '");
        text.append(thread.getName()).append('\'');
        if (filter != null) {
            text.append(", in the filter ").append(filter);
        }
        text.append(" is at:");
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            text.append("\n\tat ").append(stack[i]);
        }
        return text.toString();
    }

    /** The class that the pipeline called last, which is the innermost one of its own calls. */
    static @Nullable String filter(StackTraceElement[] stack) {
        for (int i = 1; i < stack.length; i++) {
            boolean calls = stack[i].getClassName().startsWith(PIPELINE);
            if (calls && !stack[i - 1].getClassName().startsWith(PIPELINE)) {
                String called = stack[i - 1].getMethodName();
                return called.startsWith("on") ? stack[i - 1].getClassName() : null;
            }
        }
        return null;
    }
}
