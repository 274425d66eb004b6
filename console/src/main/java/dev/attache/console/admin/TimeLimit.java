package dev.attache.console.admin;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Closes what an exchange waits for when its time is over: the one limit that holds for names,
 * connections, TLS and sockets in the file system alike. One thread uses it, one of its own waits.
 */
final class TimeLimit implements AutoCloseable {

    private final Thread waiting;
    private @Nullable Closeable waitedFor;
    private boolean over;

    private TimeLimit(Duration limit) {
        waiting = Thread.ofPlatform().daemon().name("time-limit").unstarted(() -> await(limit));
    }

    static TimeLimit start(Duration limit) {
        TimeLimit started = new TimeLimit(limit);
        started.waiting.start();
        return started;
    }

    private void await(Duration limit) {
        try {
            Thread.sleep(limit);
        } catch (InterruptedException done) {
            return;
        }
        synchronized (this) {
            over = true;
            if (waitedFor != null) {
                end(waitedFor);
            }
        }
    }

    /** What to close. */
    synchronized void guard(Closeable what) {
        waitedFor = what;
        if (over) {
            end(what);
        }
    }

    private static void end(Closeable what) {
        try {
            what.close();
        } catch (IOException e) {
            // It is not used any more, whatever its end says.
            System.Logger log = System.getLogger(TimeLimit.class.getName());
            log.log(System.Logger.Level.DEBUG, "close", e);
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        waiting.interrupt();
    }
}
