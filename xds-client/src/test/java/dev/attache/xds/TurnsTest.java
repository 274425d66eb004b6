package dev.attache.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final ManualLoop loop = new ManualLoop();
    private final Turns turns = new Turns(loop);
    private final List<String> done = new ArrayList<>();

    @Test
    void shortWorkIsDoneAtOnce() {
        turns.add(work("a", 3, false));
        assertThat(done).containsExactly("a", "a", "a");
    }

    @Test
    void longWorkLetsOthersRunAndKeepsItsOrder() {
        turns.add(work("a", 2, true));
        turns.add(work("b", 2, false));
        loop.execute(() -> done.add("other"));
        assertThat(done).as("the first turn").containsExactly("a");
        loop.run();
        assertThat(done).containsExactly("a", "a", "other", "b", "b");
        turns.add(work("c", 1, false));
        assertThat(done).as("nothing waits any more").last().isEqualTo("c");
    }

    @Test
    void whatThrowsIsOverAndTheNextGoesOn() {
        turns.add(work("a", 2, true));
        turns.add(() -> {
            throw new IllegalStateException("b");
        });
        turns.add(work("c", 1, false));
        assertThatThrownBy(loop::run).hasMessage("b");
        loop.run();
        assertThat(done).containsExactly("a", "a", "c");
    }

    @Test
    void nothingRunsOnceClosed() {
        turns.add(work("a", 2, true));
        turns.add(work("b", 1, false));
        turns.close();
        loop.run();
        assertThat(done).containsExactly("a");
    }

    @Test
    void whoMayPassesWhatWaitsAndNobodyElse() {
        Waiting a = new Waiting("a", false);
        turns.add(a);
        turns.add(work("b", 1, false));
        turns.add(new Waiting("c", true));
        assertThat(done).as("b does not pass, nor does what passes a alone").containsExactly("a");

        turns.close();
        Waiting e = new Waiting("e", false);
        turns.add(e);
        turns.add(new Waiting("f", true));
        assertThat(done).containsExactly("a", "e", "f");
        e.awaited.complete(null);
        loop.run();
        assertThat(done).containsExactly("a", "e", "f", "e over");
    }

    @Test
    void whatWaitedGoesOnBeforeWhatCameLater() {
        Waiting a = new Waiting("a", false);
        turns.add(a);
        turns.add(work("b", 2, true));
        a.awaited.completeExceptionally(new IllegalStateException("its own matter"));
        assertThat(done).as("only the loop goes on").containsExactly("a");
        loop.run();
        assertThat(done).containsExactly("a", "a over", "b", "b");
    }

    @Test
    void whatIsCompleteAlreadyIsNotWaitedFor() {
        Waiting a = new Waiting("a", false);
        a.awaited.complete(null);
        turns.add(a);
        assertThat(done).containsExactly("a", "a over");
    }

    /** Waits after its first step. */
    private final class Waiting implements Turns.Work {
        private final String name;
        private final boolean passes;
        final CompletableFuture<Void> awaited = new CompletableFuture<>();
        private boolean begun;

        Waiting(String name, boolean passes) {
            this.name = name;
            this.passes = passes;
        }

        @Override
        public boolean step() {
            boolean over = begun && awaited.isDone();
            done.add(over ? name + " over" : name);
            begun = true;
            return over;
        }

        @Override
        public @Nullable CompletableFuture<?> awaits() {
            return begun ? awaited : null;
        }

        @Override
        public boolean mayPass(Turns.Work waiting) {
            return passes && waiting instanceof Waiting;
        }
    }

    private Turns.Work work(String name, int pieces, boolean slow) {
        List<String> left = new ArrayList<>(Collections.nCopies(pieces, name));
        return () -> {
            if (slow) {
                loop.spend(Turns.LONGEST);
            }
            done.add(left.removeFirst());
            return left.isEmpty();
        };
    }
}
