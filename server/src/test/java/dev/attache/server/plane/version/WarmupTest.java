package dev.attache.server.plane.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmupTest {

    private final AtomicInteger ran = new AtomicInteger();
    private final Warmup warmup = new Warmup("test", ran::incrementAndGet);

    @Test
    void waitsForAllAndRunsOnce() {
        Warmup.Target first = warmup.expect("first");
        Warmup.Target second = warmup.expect("second");
        first.ready();
        warmup.start();
        assertThat(warmup.pending()).containsExactly("second");
        assertThat(ran).hasValue(0);
        second.ready();
        second.ready();
        assertThat(ran).hasValue(1);
        assertThat(warmup.isDone()).isTrue();
    }

    @Test
    void waitsForWhatIsExpectedWhileItWaits() {
        Warmup.Target first = warmup.expect("first");
        warmup.start();
        Warmup.Target late = warmup.expect("late");
        first.ready();
        assertThat(ran).hasValue(0);
        late.ready();
        assertThat(ran).hasValue(1);
    }

    @Test
    void isReadyAtOnceWithoutExpectations() {
        warmup.start();
        assertThat(ran).hasValue(1);
    }

    @Test
    void neverRunsOnceCancelled() {
        Warmup.Target only = warmup.expect("only");
        warmup.start();
        warmup.cancel();
        only.ready();
        assertThat(ran).hasValue(0);
    }
}
