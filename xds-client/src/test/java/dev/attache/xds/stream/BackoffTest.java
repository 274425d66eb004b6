package dev.attache.xds.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {

    /** Always draws the highest value below the bound. */
    private static final RandomGenerator HIGHEST =
            new RandomGenerator() {
                @Override
                public long nextLong() {
                    return 0;
                }

                @Override
                public long nextLong(long bound) {
                    return bound - 1;
                }
            };

    @Test
    void doublesFromTheBaseToTheMaximumAndStartsOverAfterSuccess() {
        Backoff backoff = new Backoff(Backoff.DEFAULT_BASE, Backoff.DEFAULT_MAX, HIGHEST);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            waits.add(backoff.next().toMillis() + 1);
        }
        assertThat(waits)
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(499));
    }

    @Test
    void spreadsAThousandProxiesOverTheWholeInterval() {
        int[] perTenth = new int[10];
        for (int seed = 0; seed < 1000; seed++) {
            Backoff backoff =
                    new Backoff(
                            Backoff.DEFAULT_BASE, Backoff.DEFAULT_MAX, new Random(seed * 7919L));
            perTenth[(int) (backoff.next().toMillis() / 50)]++;
        }
        for (int count : perTenth) {
            assertThat(count).isBetween(50, 200);
        }
    }

    @Test
    void refusesABaseAboveTheMaximum() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), HIGHEST))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
