package dev.attache.xds;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * The one thread of the config plane, as the client sees it: tasks run serially in submission
 * order. {@link #execute} may be called from any thread, {@link #schedule} too.
 */
public interface MainLoop extends Executor {

    /** Runs the task on the loop after what is ready by then: other tasks, timers, sockets. */
    default void executeLast(Runnable task) {
        execute(task);
    }

    /** Runs the task on the loop once the delay has passed. */
    Timer schedule(Duration delay, Runnable task);

    /** Whether the caller runs on the loop. */
    boolean inLoop();

    /** The wall clock. */
    Instant now();

    /** Monotonic time in nanoseconds, for intervals. */
    long nanoTime();

    /** A scheduled task. */
    @FunctionalInterface
    interface Timer {
        /** Keeps the task from running; does nothing if it has run. Call it on the loop. */
        void cancel();
    }
}
