package dev.attache.xds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Does long work of the main loop in short turns, so that timers, health checks and the admin
 * interface have theirs in between: thousands of clusters come in one response. One work after the
 * other, in the order in which they were added; a work that waits for another thread is passed by
 * those that may pass it, and by no others. Main loop only.
 */
public final class Turns {

    /** After this long whoever else waits for the loop has his turn. */
    static final Duration LONGEST = Duration.ofMillis(10);

    /** Something that can be done piece by piece. */
    @FunctionalInterface
    public interface Work {
        /** Does a piece of what is left, a small one; true when nothing is left. */
        boolean step();

        /**
         * What has to be complete before the next step, or null where nothing has to be. Asked
         * after a step; however it completes, the next step follows.
         */
        default @Nullable CompletableFuture<?> awaits() {
            return null;
        }

        /** Whether this may be done before an older work that waits. */
        default boolean mayPass(Work waiting) {
            return false;
        }
    }

    private final MainLoop loop;

    /** What is not done, the oldest first. */
    private final List<Work> works = new ArrayList<>();

    /** What had the last step and is not done. */
    private @Nullable Work current;

    private boolean turning;

    /** A turn is on its way. */
    private boolean due;

    public Turns(MainLoop loop) {
        this.loop = loop;
    }

    /**
     * Begins at once where nothing is under way, or only what it may pass, and is done on return if
     * it is short. What its steps throw ends it and reaches the caller, or the loop.
     */
    public void add(Work work) {
        works.add(work);
        if (!due) {
            turn();
        }
    }

    /** Forgets what is under way and what waits. */
    public void close() {
        works.clear();
        current = null;
    }

    private void turn() {
        if (turning) {
            return;
        }
        turning = true;
        due = false;
        try {
            long started = loop.nanoTime();
            for (Work work = next(); work != null; work = next()) {
                step(work);
                if (loop.nanoTime() - started >= LONGEST.toNanos()) {
                    return;
                }
            }
        } finally {
            turning = false;
            if (next() != null) {
                due = true;
                loop.executeLast(this::turn);
            }
        }
    }

    /** The next to have a step, or null where all that is left waits. */
    private @Nullable Work next() {
        if (current != null && isReady(current)) {
            return current;
        }
        for (int i = 0; i < works.size(); i++) {
            Work work = works.get(i);
            if (isReady(work) && mayPassAllBefore(work, i)) {
                return work;
            }
        }
        return null;
    }

    private boolean mayPassAllBefore(Work work, int place) {
        for (int i = 0; i < place; i++) {
            if (!work.mayPass(works.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isReady(Work work) {
        CompletableFuture<?> awaited = work.awaits();
        return awaited == null || awaited.isDone();
    }

    private void step(Work work) {
        current = work;
        boolean done = true;
        try {
            done = work.step();
        } finally {
            if (done) {
                works.remove(work);
                current = null;
            }
        }
        CompletableFuture<?> awaited = work.awaits();
        if (!done && awaited != null && !awaited.isDone()) {
            awaited.whenComplete((result, problem) -> loop.execute(this::turn));
        }
    }
}
