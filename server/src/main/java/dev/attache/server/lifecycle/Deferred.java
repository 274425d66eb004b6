package dev.attache.server.lifecycle;

import dev.attache.proxy.listener.DrainControl;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is let go of when a drain time is over, or when the server ends, whichever comes first: what
 * loggers of a listener that has left still hold must not wait for longer than the process. Any
 * thread.
 */
public final class Deferred implements DrainControl.Delay, AutoCloseable {

    private final DrainControl.Delay timer;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param timer runs what has time left
     */
    public Deferred(DrainControl.Delay timer) {
        this.timer = timer;
    }

    /** One that is run once, by whoever comes first. */
    private final class Waiting implements Runnable {
        private final Runnable action;

        Waiting(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (waiting.remove(this)) {
                action.run();
            }
        }
    }

    @Override
    public void run(long millis, Runnable action) {
        if (millis <= 0 || closed) {
            action.run();
            return;
        }
        Waiting one = new Waiting(action);
        waiting.add(one);
        timer.run(millis, one);
        if (closed) {
            one.run();
        }
    }

    /** Runs all that waits; from now on nothing does. */
    @Override
    public void close() {
        closed = true;
        waiting.forEach(Waiting::run);
    }
}
