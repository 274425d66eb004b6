package dev.attache.xds;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Does long work of the main loop in short turns, so that timers, health checks and the admin
 * interface have theirs in between: thousands of clusters come in one response. One work after the
 * other, in the order in which they were added. Main loop only.
 */
public final class Turns {

    /** After this long whoever else waits for the loop has his turn. */
    static final Duration LONGEST = Duration.ofMillis(10);

    /** Something that can be done piece by piece. */
    @FunctionalInterface
    public interface Work {
        /** Does a piece of what is left, a small one; true when nothing is left. */
        boolean step();
    }

    private final MainLoop loop;
    private final Queue<Work> waiting = new ArrayDeque<>();
    private @Nullable Work current;

    public Turns(MainLoop loop) {
        this.loop = loop;
    }

    /**
     * Begins at once where nothing is under way, and is done on return if it is short. What its
     * steps throw ends it and reaches the caller, or the loop.
     */
    public void add(Work work) {
        if (current != null) {
            waiting.add(work);
        } else {
            current = work;
            turn();
        }
    }

    /** Forgets what is under way and what waits. */
    public void close() {
        waiting.clear();
        current = null;
    }

    private void turn() {
        long started = loop.nanoTime();
        for (Work work = current; work != null; work = current) {
            if (step(work) && current == work) {
                current = waiting.poll();
            }
            if (current != null && loop.nanoTime() - started >= LONGEST.toNanos()) {
                loop.execute(this::turn);
                return;
            }
        }
    }

    private boolean step(Work work) {
        boolean returned = false;
        try {
            boolean done = work.step();
            returned = true;
            return done;
        } finally {
            if (!returned && current == work) {
                current = waiting.poll();
                if (current != null) {
                    loop.execute(this::turn);
                }
            }
        }
    }
}
