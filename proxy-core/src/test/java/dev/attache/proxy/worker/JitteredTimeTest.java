package dev.attache.proxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class JitteredTimeTest {

    @Test
    void upToTheWholeJitterIsAdded() {
        JitteredTime time = new JitteredTime(1000, 0.5);
        Set<Long> drawn = new HashSet<>();
        for (long random = -10; random < 10; random++) {
            drawn.add(time.extended(random));
        }
        assertThat(drawn).containsExactlyInAnyOrder(1000L, 1001L, 1002L, 1003L, 1004L, 1005L);
    }

    @Test
    void whatIsOffStaysOff() {
        assertThat(new JitteredTime(0, 100).extended(-1)).isZero();
        assertThat(new JitteredTime(10, 1).extended(Long.MAX_VALUE)).isEqualTo(10);
    }
}
