package dev.attache.proxy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 987_654_321_987L;

    private static TokenBucket bucket(long max, long perFill, long fillMillis) {
        return new TokenBucket(new TokenBucket.Settings(max, perFill, fillMillis), NOW);
    }

    @Test
    void beginsFullAndFillsSteadily() {
        TokenBucket bucket = bucket(3, 1, 1000);
        for (int left = 2; left >= 0; left--) {
            assertThat(bucket.consume(1, NOW)).isTrue();
            assertThat(bucket.remaining(NOW)).isEqualTo(left);
        }
        assertThat(bucket.consume(1, NOW)).isFalse();
        assertThat(bucket.secondsToNext(NOW)).isEqualTo(1);
        assertThat(bucket.consume(1, NOW + SECOND / 2)).isFalse();
        assertThat(bucket.consume(1, NOW + SECOND)).isTrue();
        assertThat(bucket.consume(1, NOW + SECOND)).isFalse();
        assertThat(bucket.remaining(NOW + 100 * SECOND)).isEqualTo(3);
    }

    @Test
    void losesNoTokenToArithmetic() {
        for (long max : new long[] {1, 5, 7, 99, 12_345, 4_000_000_000L}) {
            TokenBucket bucket = bucket(max, 1, 3_600_000);
            for (int taken = 1; taken <= Math.min(max, 500); taken++) {
                assertThat(bucket.consume(1, NOW)).isTrue();
                assertThat(bucket.remaining(NOW)).isEqualTo(max - taken);
            }
        }
    }

    @Test
    void takesAllOrNothing() {
        TokenBucket bucket = bucket(5, 1, 3_600_000);
        assertThat(bucket.consume(6, NOW)).isFalse();
        assertThat(bucket.consume(2.5, NOW)).isTrue();
        assertThat(bucket.consume(3, NOW)).isFalse();
        assertThat(bucket.consume(0, NOW)).isFalse();
        assertThat(bucket.consume(2.5, NOW)).isTrue();
        assertThat(bucket.remaining(NOW)).isZero();
    }

    @Test
    void takesBackWhatFits() {
        TokenBucket bucket = bucket(5, 1, 3_600_000);
        assertThat(bucket.consume(4, NOW)).isTrue();
        bucket.refill(2, NOW);
        assertThat(bucket.remaining(NOW)).isEqualTo(3);
        bucket.refill(100, NOW);
        assertThat(bucket.remaining(NOW)).isEqualTo(5);
        assertThat(bucket.consume(5, NOW)).isTrue();
        assertThat(bucket.consume(1, NOW)).isFalse();
    }

    @Test
    void saysWhenTheNextTokenComes() {
        TokenBucket bucket = bucket(2, 7, 3_600_000);
        assertThat(bucket.secondsToNext(NOW)).isZero();
        assertThat(bucket.consume(2, NOW)).isTrue();
        assertThat(bucket.secondsToNext(NOW)).isEqualTo(515);
        assertThat(bucket.secondsToNext(NOW + 500 * SECOND)).isEqualTo(15);
        assertThat(bucket.secondsToNext(NOW + 515 * SECOND)).isZero();
    }

    @Test
    void oneThatHoldsNothingLetsNothingThrough() {
        TokenBucket bucket = bucket(0, 1, 50);
        assertThat(bucket.consume(1, NOW + SECOND)).isFalse();
        assertThat(bucket.remaining(NOW + SECOND)).isZero();
    }

    @Test
    void aClockThatIsBehindChangesNothing() {
        TokenBucket bucket = bucket(2, 1, 1000);
        assertThat(bucket.consume(1, NOW + SECOND)).isTrue();
        assertThat(bucket.consume(1, NOW)).isFalse();
        assertThat(bucket.remaining(NOW - 5 * SECOND)).isZero();
        assertThat(bucket.consume(1, NOW + SECOND)).isTrue();
    }

    @Test
    void threadsTakeEachTokenOnce() throws Exception {
        TokenBucket bucket = bucket(10_000, 1, 3_600_000);
        Callable<Integer> taker =
                () -> {
                    int taken = 0;
                    while (bucket.consume(1, NOW)) {
                        taken++;
                    }
                    return taken;
                };
        int sum = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(taker));
            }
            for (Future<Integer> result : results) {
                sum += result.get();
            }
        }
        assertThat(sum).isEqualTo(10_000);
    }
}
