package dev.attache.proxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.upstream.FakeWorker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnEndTest {

    private final FakeWorker worker = new FakeWorker();
    private final TurnEnd end = new TurnEnd(worker.eventLoop());
    private final List<String> done = new ArrayList<>();

    @Test
    void runsEachOnceInOrder() {
        for (int turn = 0; turn < 3; turn++) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String name = turn + "." + i;
                expected.add(name);
                end.add(() -> done.add(name));
            }
            assertThat(done).isEmpty();
            worker.run();
            assertThat(done).isEqualTo(expected);
            done.clear();
        }
    }

    @Test
    void runsWhatATaskAdds() {
        end.add(() -> {
            done.add("a");
            end.add(() -> done.add("c"));
        });
        end.add(() -> done.add("b"));
        worker.run();
        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void runsTheOthersWhereOneThrows() {
        end.add(() -> done.add("a"));
        end.add(() -> {
            throw new IllegalStateException("as planned");
        });
        end.add(() -> done.add("b"));
        worker.run();
        assertThat(done).containsExactly("a");
        worker.run();
        assertThat(done).containsExactly("a", "b");
        end.add(() -> done.add("c"));
        worker.run();
        assertThat(done).containsExactly("a", "b", "c");
    }
}
