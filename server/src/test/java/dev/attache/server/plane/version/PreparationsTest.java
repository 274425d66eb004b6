package dev.attache.server.plane.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.PreparationScope;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.upstream.dial.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A version warms for as long as what is prepared for it asks, and no longer. */
class PreparationsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<String> events = new ArrayList<>();
    private final List<Runnable> adopted = new ArrayList<>();
    private final ByHand time = new ByHand();
    private final Warmup warmup = new Warmup("listener", () -> events.add("warm"));

    /** A clock that a test turns. */
    private static final class ByHand implements PreparationScope {
        private @Nullable Runnable due;
        private @Nullable Duration delay;

        @Override
        public CallGate calls() {
            throw new AssertionError("nothing is called here");
        }

        @Override
        public Executor loop() {
            return Runnable::run;
        }

        @Override
        public void warn(String problem) {
            throw new AssertionError(problem);
        }

        @Override
        public Cancellable schedule(Duration after, Runnable task) {
            due = task;
            delay = after;
            return () -> due = null;
        }

        void pass() {
            if (due != null) {
                due.run();
            }
        }
    }

    private class Keys implements Preparation {
        private final Waiting waiting;
        private @Nullable Outcome outcome;

        Keys(Waiting waiting) {
            this.waiting = waiting;
        }

        @Override
        public String name() {
            return "keys";
        }

        @Override
        public Waiting waiting() {
            return waiting;
        }

        @Override
        public void start(PreparationScope scope, Outcome first) {
            events.add("started");
            outcome = first;
        }

        @Override
        public void close() {
            events.add("closed");
        }

        Outcome outcome() {
            if (outcome == null) {
                throw new AssertionError("not started");
            }
            return outcome;
        }
    }

    private Preparations start(Preparation preparation) {
        Preparations preparations = new Preparations(List.of(preparation), time, adopted::add);
        preparations.start(warmup, why -> events.add("refused: " + why));
        warmup.start();
        return preparations;
    }

    private void adopt() {
        adopted.forEach(Runnable::run);
    }

    @Test
    void waitsUntilItIsReady() {
        Keys keys = new Keys(Preparation.Waiting.FOR_AN_ATTEMPT);
        Preparations preparations = start(keys);
        assertThat(events).isEmpty();
        assertThat(warmup.pending()).containsExactly("keys");
        adopt();
        assertThat(events).containsExactly("started");
        keys.outcome().ready();
        keys.outcome().ready();
        keys.outcome().failed("later");
        assertThat(events).containsExactly("started", "warm");
        preparations.close();
        assertThat(events).containsExactly("started", "warm", "closed");
    }

    @Test
    void anAttemptIsEnoughForSome() {
        Keys keys = new Keys(Preparation.Waiting.FOR_AN_ATTEMPT);
        start(keys);
        adopt();
        keys.outcome().failed("status 500");
        assertThat(events).containsExactly("started", "warm");
    }

    @Test
    void othersAreRefused() {
        Keys keys = new Keys(Preparation.Waiting.forSuccess(MINUTE));
        start(keys);
        adopt();
        keys.outcome().failed("status 500");
        assertThat(events).containsExactly("started", "refused: keys: status 500");
        assertThat(warmup.isDone()).isFalse();
    }

    @Test
    void timeRunsOut() {
        start(new Keys(Preparation.Waiting.forSuccess(MINUTE)));
        adopt();
        assertThat(time.delay).isEqualTo(MINUTE);
        time.pass();
        assertThat(events).containsExactly("started", "refused: keys: not ready after PT1M");
    }

    @Test
    void successEndsTheWait() {
        Keys keys = new Keys(Preparation.Waiting.forSuccess(MINUTE));
        start(keys);
        adopt();
        keys.outcome().ready();
        time.pass();
        assertThat(events).containsExactly("started", "warm");
    }

    @Test
    void someAreNotWaitedFor() {
        Keys keys = new Keys(Preparation.Waiting.NONE);
        start(keys);
        adopt();
        keys.outcome().failed("status 500");
        assertThat(events).containsExactly("warm", "started");
    }

    @Test
    void whatThrowsHasFailed() {
        Keys keys =
                new Keys(Preparation.Waiting.FOR_AN_ATTEMPT) {
                    @Override
                    public void start(PreparationScope scope, Outcome first) {
                        throw new IllegalStateException("a mistake");
                    }
                };
        start(keys);
        adopt();
        assertThat(events).containsExactly("warm");
    }

    @Test
    void whatIsClosedIsNotStarted() {
        Preparations preparations = start(new Keys(Preparation.Waiting.forSuccess(MINUTE)));
        preparations.close();
        adopt();
        time.pass();
        assertThat(events).containsExactly("closed");
    }
}
