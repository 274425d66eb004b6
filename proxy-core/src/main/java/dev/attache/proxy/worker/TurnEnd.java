package dev.attache.proxy.worker;

import io.netty.channel.EventLoop;
import java.util.Arrays;

/**
 * What one worker does when the events of a turn have been handled: a single task of the loop for
 * all of it, where a task for each would take two trips through the loop's queue. Loop-confined.
 */
public final class TurnEnd {

    /** Where a task was that is done: none is kept longer than it has to be. */
    private static final Runnable NOTHING = () -> {};

    private final EventLoop loop;
    private final Runnable run = this::run;
    private Runnable[] tasks = new Runnable[64];
    private int count;
    private boolean scheduled;

    public TurnEnd(EventLoop loop) {
        this.loop = loop;
    }

    /** Runs {@code task} then, after those that were given before. */
    public void add(Runnable task) {
        if (count == tasks.length) {
            tasks = Arrays.copyOf(tasks, 2 * count);
        }
        tasks[count++] = task;
        if (!scheduled) {
            loop.execute(run);
            scheduled = true;
        }
    }

    private void run() {
        int next = 0;
        try {
            while (next < count) {
                Runnable task = tasks[next];
                tasks[next++] = NOTHING;
                task.run();
            }
        } finally {
            done(next);
        }
    }

    /** Where a task has thrown, which the loop says, the others are done in a task after this. */
    private void done(int next) {
        System.arraycopy(tasks, next, tasks, 0, count - next);
        count -= next;
        scheduled = false;
        if (count > 0) {
            loop.execute(run);
            scheduled = true;
        }
    }
}
