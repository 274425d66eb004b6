package dev.attache.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.memory.MemoryReturn.Watched;
import dev.attache.xds.MainLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MemoryReturnTest implements MainLoop {

    private final List<String> done = new ArrayList<>();
    private long heap;
    private long direct;
    private @Nullable Runnable next;
    private final MemoryReturn memory =
            new MemoryReturn(
                    this,
                    Watched.of(1600, () -> heap),
                    Watched.of(1600, () -> direct),
                    () -> done.add("collect"),
                    () -> done.add("trim"));

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            Runnable due = next;
            next = null;
            assertThat(due).isNotNull();
            due.run();
        }
    }

    @Test
    void collectsOnceWhenAWaveIsOver() {
        memory.start();
        heap = 800;
        looks(4);
        heap = 150;
        looks(2);
        assertThat(done).as("it may come back").isEmpty();
        looks(1);
        assertThat(done).containsExactly("trim", "collect");
        looks(10);
        assertThat(done).hasSize(2);
        heap = 500;
        looks(1);
        heap = 0;
        looks(3);
        assertThat(done).containsExactly("trim", "collect", "trim", "collect");
    }

    @Test
    void neverForWhatIsHeldSteadilyOrIsLittle() {
        memory.start();
        for (int i = 0; i < 20; i++) {
            heap = i % 2 == 0 ? 800 : 300;
            direct = i % 5 == 0 ? 99 : 0;
            looks(1);
        }
        assertThat(done).isEmpty();
    }

    @Test
    void directMemoryNeedsNoCollection() {
        memory.start();
        direct = 1000;
        looks(1);
        direct = 10;
        looks(3);
        assertThat(done).containsExactly("trim");
    }

    @Test
    void endsWithTheServer() {
        memory.start();
        memory.close();
        assertThat(next).isNull();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        next = task;
        return () -> next = null;
    }

    @Override
    public void execute(Runnable task) {
        task.run();
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
}
