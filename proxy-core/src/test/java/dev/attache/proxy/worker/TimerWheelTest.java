package dev.attache.proxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wheel on a loop whose time and whose clock stand still until the test moves them. */
final class TimerWheelTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long nanos = 1_000_000_007L;
    private final TimerWheel timers;

    TimerWheelTest() {
        channel.freezeTime();
        timers = new TimerWheel(channel.eventLoop(), () -> nanos);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(timers.pending()).isZero();
        channel.close();
    }

    @Test
    void firesOnceAndNeverEarly() {
        Alarm alarm = new Alarm();
        passMicros(999);
        alarm.in(10);
        passMicros(9_999);
        assertThat(alarm.fired).isEmpty();
        passMicros(2_000);
        assertThat(alarm.fired).hasSize(1);
        assertThat(alarm.armed()).isFalse();
        passMillis(1000);
        assertThat(alarm.fired).hasSize(1);
    }

    @Test
    void anIdleLoopSleepsUntilSomethingIsDue() {
        Alarm alarm = new Alarm();
        alarm.in(TimeUnit.MINUTES.toMillis(10));
        int wakes = 0;
        while (alarm.fired.isEmpty()) {
            long sleep = channel.runScheduledPendingTasks();
            assertThat(sleep).isPositive();
            passMicros(TimeUnit.NANOSECONDS.toMicros(sleep) + 1);
            wakes++;
        }
        assertThat(wakes).isLessThanOrEqualTo(4);
    }

    @Test
    void aShortTimerAfterALongSleepIsNeitherEarlyNorLate() {
        Alarm distant = new Alarm();
        distant.in(TimeUnit.HOURS.toMillis(2));
        passMillis(TimeUnit.MINUTES.toMillis(50));
        Alarm near = new Alarm();
        near.in(300);
        passMillis(299);
        assertThat(near.fired).isEmpty();
        passMillis(3);
        assertThat(near.fired).hasSize(1);
        distant.cancel();
    }

    @Test
    void aTimerThatThrowsDoesNotStopTheOthers() {
        Timer broken =
                new Timer() {
                    @Override
                    protected void expire() {
                        throw new IllegalStateException("broken");
                    }
                };
        timers.schedule(broken, 5);
        Alarm same = new Alarm();
        same.in(5);
        Alarm later = new Alarm();
        later.in(50);
        passMillis(100);
        assertThat(same.fired).hasSize(1);
        assertThat(later.fired).hasSize(1);
    }

    @Test
    void cancelledTimersStaySilentAndCanBeArmedAgain() {
        Alarm alarm = new Alarm();
        alarm.in(5);
        assertThat(timers.pending()).isEqualTo(1);
        alarm.cancel();
        alarm.cancel();
        assertThat(timers.pending()).isZero();
        passMillis(20);
        assertThat(alarm.fired).isEmpty();
        alarm.in(5);
        passMillis(7);
        assertThat(alarm.fired).hasSize(1);
    }

    @Test
    void armingAnArmedTimerMovesIt() {
        Alarm alarm = new Alarm();
        alarm.in(5);
        alarm.in(500);
        assertThat(timers.pending()).isEqualTo(1);
        passMillis(400);
        assertThat(alarm.fired).isEmpty();
        alarm.in(1);
        passMillis(3);
        assertThat(alarm.fired).hasSize(1);
    }

    @Test
    void everyLevelOfTheWheelIsOnTime() {
        List<Alarm> alarms = new ArrayList<>();
        long[] delays = {
            0, 1, 254, 255, 256, 257, 300, 511, 512, 65_534, 65_535, 65_536, 65_537, 70_000,
            131_071, 200_000
        };
        for (long delay : delays) {
            Alarm alarm = new Alarm();
            alarm.in(delay);
            alarms.add(alarm);
        }
        for (int i = 0; i < 200_010; i++) {
            passMillis(1);
        }
        alarms.forEach(Alarm::assertOnTime);
    }

    @Test
    void deadlinesBeyondTheWheelWaitTheirTime() {
        Alarm alarm = new Alarm();
        long delay = (1L << 24) + 12_345;
        alarm.in(delay);
        for (long passed = 0; passed < delay; passed += 250) {
            assertThat(alarm.fired).isEmpty();
            passMillis(250);
        }
        passMillis(250);
        assertThat(alarm.fired).hasSize(1);
        assertThat(alarm.fired.getFirst()).isGreaterThanOrEqualTo(alarm.due);
    }

    @Test
    void aWakeUpJustBeforeABoundaryDoesNotDelayWhatLiesBehindIt() {
        Alarm before = new Alarm();
        Alarm behind = new Alarm();
        before.in(254);
        behind.in(299);
        for (int i = 0; i < 310; i++) {
            passMillis(1);
        }
        before.assertOnTime();
        behind.assertOnTime();
    }

    @Test
    void aLateLoopMayArmForTheSlotThatIsBeingFired() {
        List<Long> fired = new ArrayList<>();
        Timer periodic =
                new Timer() {
                    @Override
                    protected void expire() {
                        fired.add(nanos);
                        if (fired.size() < 4) {
                            timers.schedule(this, 250);
                        }
                    }
                };
        timers.schedule(periodic, 99);
        for (int i = 0; i < 4; i++) {
            passMillis(105);
            passMillis(150);
        }
        passMillis(300);
        assertThat(fired).hasSize(4);
    }

    @Test
    void timersArmedWhileFiringWaitTheirTurn() {
        Alarm second = new Alarm();
        Timer first =
                new Timer() {
                    @Override
                    protected void expire() {
                        second.in(0);
                    }
                };
        timers.schedule(first, 3);
        passMillis(4);
        assertThat(second.fired).isEmpty();
        passMillis(1);
        assertThat(second.fired).hasSize(1);
    }

    @Test
    void aTimerMayCancelItsNeighbourOfTheSameTick() {
        Alarm neighbour = new Alarm();
        Timer canceller =
                new Timer() {
                    @Override
                    protected void expire() {
                        neighbour.cancel();
                    }
                };
        neighbour.in(5);
        timers.schedule(canceller, 5);
        passMillis(10);
        assertThat(neighbour.fired).isEmpty();
    }

    @Test
    void randomTimersAreNeverEarlyAndAtMostATickLate() {
        Random random = new Random(11);
        List<Alarm> alarms = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            alarms.add(new Alarm());
        }
        for (int step = 0; step < 30_000; step++) {
            Alarm alarm = alarms.get(random.nextInt(alarms.size()));
            switch (random.nextInt(8)) {
                case 0 -> alarm.cancel();
                case 1, 2 -> alarm.in(random.nextInt(random.nextInt(4) == 0 ? 100_000 : 700));
                default -> {
                    // Time alone passes.
                }
            }
            passMicros(random.nextInt(2000) + 1);
            if (alarm.armed()) {
                assertThat(nanos - alarm.due).isLessThan(TimeUnit.MILLISECONDS.toNanos(4));
            }
        }
        for (Alarm alarm : alarms) {
            if (alarm.armed()) {
                assertThat(nanos - alarm.due).isLessThan(TimeUnit.MILLISECONDS.toNanos(4));
            }
            alarm.cancel();
        }
    }

    private void passMillis(long millis) {
        passMicros(millis * 1000);
    }

    private void passMicros(long micros) {
        nanos += micros * 1000;
        channel.advanceTimeBy(micros, TimeUnit.MICROSECONDS);
        channel.runScheduledPendingTasks();
    }

    private final class Alarm extends Timer {
        final List<Long> fired = new ArrayList<>();
        long due;

        void in(long millis) {
            due = nanos + TimeUnit.MILLISECONDS.toNanos(millis);
            timers.schedule(this, millis);
        }

        @Override
        protected void expire() {
            assertThat(nanos).as("early").isGreaterThanOrEqualTo(due);
            fired.add(nanos);
        }

        void assertOnTime() {
            assertThat(fired).as("timer due at %d", due).hasSize(1);
            assertThat(fired.getFirst() - due).isBetween(0L, TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
