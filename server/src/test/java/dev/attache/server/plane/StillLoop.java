package dev.attache.server.plane;

import dev.attache.xds.MainLoop;
import java.time.Duration;
import java.time.Instant;

/** No time passes and nothing runs. */
final class StillLoop implements MainLoop {
    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return () -> {};
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void execute(Runnable task) {}
}
