package dev.attache.xds;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A main loop that runs when the test says so, on a clock that the test moves. */
public final class ManualLoop implements MainLoop {

    private record Due(long atNanos, Runnable task) {}

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> timers = new ArrayList<>();
    private long nanos;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Due due = new Due(nanos + delay.toNanos(), task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    /** The clock moves while something runs. */
    public void spend(Duration time) {
        nanos += time.toNanos();
    }

    /** Runs everything that is ready. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Moves the clock, firing timers at their times, and runs what they submit. */
    public void advance(Duration by) {
        run();
        long end = nanos + by.toNanos();
        while (true) {
            Due next =
                    timers.stream()
                            .filter(due -> due.atNanos <= end)
                            .min(Comparator.comparingLong(Due::atNanos))
                            .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            nanos = Math.max(nanos, next.atNanos);
            next.task.run();
            run();
        }
        nanos = end;
    }

    public int pendingTimers() {
        return timers.size();
    }
}
