package dev.attache.proxy.worker;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hierarchical timing wheel of one worker: 1 ms ticks, three levels of 256 slots (16.7 million
 * ticks, 4.6 hours); longer deadlines wait in the last slot and are placed again. The loop is woken
 * by one scheduled task at the earliest occupied tick, so an idle worker sleeps. Arming allocates
 * only when it brings the next wake-up forward.
 *
 * <p>Timers never fire early; they fire at most one tick plus the loop's own delay late.
 */
public final class TimerWheel implements Timers {

    private static final int BITS = 8;
    private static final int SLOTS = 1 << BITS;
    private static final int MASK = SLOTS - 1;
    private static final int LEVELS = 3;
    private static final long NANOS_PER_TICK = TimeUnit.MILLISECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final EventLoop loop;
    private final TickClock clock;
    private final long startNanos;
    private final @Nullable Timer[] slots = new @Nullable Timer[SLOTS * LEVELS];
    private final Runnable wake = this::onWake;
    private long currentTick;
    private long wakeTick = Long.MAX_VALUE;
    private java.util.concurrent.@Nullable Future<?> wakeTask;
    private int pending;
    private boolean advancing;

    /** Where the wheel reads its time; tests substitute a manual one. */
    @FunctionalInterface
    public interface TickClock {
        long nanoTime();
    }

    public TimerWheel(EventLoop loop, TickClock clock) {
        this.loop = loop;
        this.clock = clock;
        this.startNanos = clock.nanoTime();
    }

    @Override
    public void schedule(Timer timer, long millis) {
        schedule(timer, millis, clock.nanoTime());
    }

    @Override
    public void schedule(Timer timer, long millis, long now) {
        timer.cancel();
        if (pending == 0 && !advancing) {
            // Nothing is armed, so no slot has to be walked to catch up with the clock. Not while
            // firing: the slot of that tick must not come round before the walk has left it.
            currentTick = Math.max(currentTick, ticks(now));
        }
        // One extra tick: the current one has partly passed, and a timer must not fire early.
        timer.deadlineTick = ticks(now) + Math.max(0, millis) + 1;
        timer.wheel = this;
        place(timer);
        pending++;
        if (timer.deadlineTick < wakeTick) {
            arm(timer.deadlineTick);
        }
    }

    @Override
    public int pending() {
        return pending;
    }

    /** What scaled timers are granted has changed: each is armed anew as of when it was armed. */
    public void rescale() {
        List<ScaledTimer> scaled = new ArrayList<>();
        for (Timer first : slots) {
            for (Timer timer = first; timer != null; timer = timer.next) {
                if (timer instanceof ScaledTimer one) {
                    scaled.add(one);
                }
            }
        }
        long now = elapsedTicks();
        for (ScaledTimer timer : scaled) {
            timer.rescale(now - (timer.deadlineTick - 1));
        }
    }

    void remove(Timer timer) {
        unlink(timer);
        timer.wheel = null;
        pending--;
    }

    private long elapsedTicks() {
        return ticks(clock.nanoTime());
    }

    private long ticks(long now) {
        return (now - startNanos) / NANOS_PER_TICK;
    }

    private void place(Timer timer) {
        long delta = Math.max(0, timer.deadlineTick - currentTick);
        int level = delta < SLOTS ? 0 : delta < (1L << (2 * BITS)) ? 1 : 2;
        long reachable = Math.min(timer.deadlineTick, currentTick + (1L << (LEVELS * BITS)) - 1);
        int slot =
                level * SLOTS
                        + (int) ((Math.max(reachable, currentTick) >>> (level * BITS)) & MASK);
        timer.slot = slot;
        timer.previous = null;
        Timer head = slots[slot];
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot] = timer;
    }

    private void unlink(Timer timer) {
        if (timer.previous != null) {
            timer.previous.next = timer.next;
        } else {
            slots[timer.slot] = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.next = null;
        timer.previous = null;
        timer.slot = -1;
    }

    private void arm(long tick) {
        if (wakeTask != null) {
            wakeTask.cancel(false);
        }
        wakeTick = tick;
        long delay = startNanos + tick * NANOS_PER_TICK - clock.nanoTime();
        wakeTask = loop.schedule(wake, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    private void onWake() {
        wakeTask = null;
        wakeTick = Long.MAX_VALUE;
        advance();
        if (pending > 0) {
            long next = nextOccupiedTick();
            if (next < wakeTick) {
                arm(next);
            }
        }
    }

    /** Fires everything due. Called by the wake-up task; tests with a manual clock call it too. */
    public void advance() {
        long target = elapsedTicks();
        advancing = true;
        try {
            fireUntil(target);
        } finally {
            advancing = false;
        }
        if (pending == 0) {
            currentTick = target;
        }
    }

    private void fireUntil(long target) {
        while (pending > 0) {
            long next = nextOccupiedTick();
            if (next > target) {
                currentTick = Math.max(currentTick, target + 1);
                return;
            }
            currentTick = next;
            if ((currentTick & MASK) == 0) {
                cascade(1);
                if (((currentTick >>> BITS) & MASK) == 0) {
                    cascade(2);
                    cascade(1);
                }
            }
            fire((int) (currentTick & MASK));
            currentTick++;
        }
    }

    private void cascade(int level) {
        int slot = level * SLOTS + (int) ((currentTick >>> (level * BITS)) & MASK);
        Timer timer = slots[slot];
        slots[slot] = null;
        while (timer != null) {
            Timer next = timer.next;
            place(timer);
            timer = next;
        }
    }

    private void fire(int slot) {
        Timer timer;
        while ((timer = slots[slot]) != null) {
            unlink(timer);
            if (timer.deadlineTick > currentTick) {
                place(timer);
                if (timer.slot == slot) {
                    throw new IllegalStateException("timer placed into the slot being fired");
                }
                continue;
            }
            timer.wheel = null;
            pending--;
            expire(timer);
        }
    }

    /** One timer's failure is its owner's: the others fire, and the wheel is armed again. */
    private static void expire(Timer timer) {
        try {
            timer.expire();
        } catch (Throwable e) {
            Faults.contain(e);
            LOG.error("a timer's callback failed ({}); other timers go on", timer.getClass(), e);
        }
    }

    /**
     * The next tick, {@link #currentTick} included, at which something fires or is placed anew:
     * between here and there nothing has to be looked at, however long that is.
     */
    private long nextOccupiedTick() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < SLOTS && best == Long.MAX_VALUE; i++) {
            if (slots[(int) ((currentTick + i) & MASK)] != null) {
                best = currentTick + i;
            }
        }
        return nextOccupiedBlock(2, nextOccupiedBlock(1, best));
    }

    /** The beginning of the first occupied slot of a level, if that comes before {@code best}. */
    private long nextOccupiedBlock(int level, long best) {
        int shift = level * BITS;
        long block = (currentTick + (1L << shift) - 1) >>> shift;
        for (int i = 0; i < SLOTS && block << shift < best; i++, block++) {
            if (slots[level * SLOTS + (int) (block & MASK)] != null) {
                return block << shift;
            }
        }
        return best;
    }
}
