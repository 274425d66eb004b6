package dev.attache.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
