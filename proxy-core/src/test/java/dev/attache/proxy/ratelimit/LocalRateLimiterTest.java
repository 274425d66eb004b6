package dev.attache.proxy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.ratelimit.Descriptor.HeadersOption;
import dev.attache.proxy.ratelimit.LocalRateLimiter.Outcome;
import dev.attache.proxy.ratelimit.LocalRateLimiter.Rule;
import dev.attache.proxy.ratelimit.LocalRateLimiter.Verdict;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LocalRateLimiterTest {
    private static final long NOW = 1_000_000_000_000L;
    private static final long HOUR = 3_600_000;

    private static Descriptor of(String... texts) {
        return new Descriptor(
                DescriptorKey.of(List.of(texts)), -1, false, HeadersOption.UNSPECIFIED, null);
    }

    private static Rule rule(long max, long fillMillis, boolean shadow, String... texts) {
        return new Rule(
                DescriptorKey.of(List.of(texts)),
                new TokenBucket.Settings(max, 1, fillMillis),
                shadow);
    }

    private static LocalRateLimiter limiter(long max, boolean always, Rule... rules) {
        return new LocalRateLimiter(
                new LocalRateLimiter.Spec(
                        new TokenBucket.Settings(max, 1, HOUR), List.of(rules), 2, always, true),
                NOW);
    }

    private static Verdict ask(LocalRateLimiter limiter, Descriptor... descriptors) {
        return limiter.ask(List.of(descriptors), 1, NOW);
    }

    private static long max(Verdict verdict) {
        TokenBucket bucket = verdict.bucket();
        return bucket == null ? -1 : bucket.maxTokens();
    }

    @Test
    void withoutABucketAllPass() {
        LocalRateLimiter none =
                new LocalRateLimiter(
                        new LocalRateLimiter.Spec(null, List.of(), 1, true, true), NOW);
        for (int i = 0; i < 100; i++) {
            assertThat(none.allows(NOW)).isTrue();
        }
        assertThat(ask(none).bucket()).isNull();
    }

    @Test
    void anEmptyBucketLetsNobodyThroughAndShowsNothing() {
        Verdict verdict = ask(limiter(0, true));
        assertThat(verdict.outcome()).isEqualTo(Outcome.LIMITED);
        assertThat(verdict.bucket()).isNull();
    }

    @Test
    void descriptorsTakeFromBothBucketsUnlessTold() {
        Rule rule = rule(3, HOUR, false, "a", "1");
        LocalRateLimiter both = limiter(2, true, rule);
        assertThat(max(ask(both, of("a", "1")))).isEqualTo(3);
        assertThat(ask(both, of("a", "1")).outcome()).isEqualTo(Outcome.ALLOWED);
        Verdict third = ask(both, of("a", "1"));
        assertThat(third.outcome()).isEqualTo(Outcome.LIMITED);
        assertThat(max(third)).isEqualTo(2);

        LocalRateLimiter own = limiter(2, false, rule);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(own, of("a", "1")).outcome()).isEqualTo(Outcome.ALLOWED);
        }
        assertThat(max(ask(own, of("a", "1")))).isEqualTo(3);
        assertThat(ask(own, of("a", "2")).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void ofRulesWithEmptyValuesTheOneThatStandsFirstCounts() {
        Rule wide = rule(7, HOUR, false, "a", "", "b", "");
        Rule narrow = rule(3, HOUR, false, "a", "", "b", "y");
        assertThat(max(ask(limiter(100, false, wide, narrow), of("a", "x", "b", "y"))))
                .isEqualTo(7);
        assertThat(max(ask(limiter(100, false, narrow, wide), of("a", "x", "b", "y"))))
                .isEqualTo(3);
    }

    @Test
    void theSlowestBucketIsAskedFirst() {
        LocalRateLimiter limiter =
                limiter(
                        9,
                        true,
                        rule(1, HOUR / 2, false, "a", "1"),
                        rule(5, HOUR, false, "b", "1"));
        assertThat(max(ask(limiter, of("a", "1"), of("b", "1")))).isEqualTo(5);
        Verdict limited = ask(limiter, of("a", "1"), of("b", "1"));
        assertThat(limited.outcome()).isEqualTo(Outcome.LIMITED);
        assertThat(max(limited)).isEqualTo(1);
    }

    @Test
    void anExceededShadowLeavesTheOthersToDecide() {
        Rule shadow = rule(1, HOUR, true, "a", "1");
        LocalRateLimiter limiter = limiter(3, true, shadow);
        assertThat(ask(limiter, of("a", "1")).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(ask(limiter, of("a", "1")).outcome()).isEqualTo(Outcome.SHADOWED);
        assertThat(ask(limiter, of("a", "1")).outcome()).isEqualTo(Outcome.SHADOWED);
        assertThat(ask(limiter, of("a", "1")).outcome()).isEqualTo(Outcome.LIMITED);

        LocalRateLimiter before =
                new LocalRateLimiter(
                        new LocalRateLimiter.Spec(
                                new TokenBucket.Settings(1, 1, HOUR),
                                List.of(shadow),
                                1,
                                true,
                                false),
                        NOW);
        assertThat(ask(before, of("a", "1")).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(ask(before, of("a", "1")).outcome()).isEqualTo(Outcome.SHADOWED);
        assertThat(ask(before, of("a", "1")).outcome()).isEqualTo(Outcome.SHADOWED);
    }

    @Test
    void aShareOfTheTokensMakesEachCostMore() {
        LocalRateLimiter limiter = limiter(5, true);
        assertThat(limiter.ask(List.of(), 0.5, NOW).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(limiter.ask(List.of(), 0.5, NOW).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(limiter.ask(List.of(), 0.5, NOW).outcome()).isEqualTo(Outcome.LIMITED);
        assertThat(limiter.ask(List.of(), 1, NOW).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void forgetsTheValueUsedLeastRecently() {
        LocalRateLimiter limiter = limiter(99, true, rule(1, HOUR, false, "a", ""));
        String[] values = {"1", "2", "1", "3", "1", "2"};
        Outcome[] outcomes = new Outcome[values.length];
        for (int i = 0; i < values.length; i++) {
            outcomes[i] = ask(limiter, of("a", values[i])).outcome();
        }
        assertThat(outcomes)
                .containsExactly(
                        Outcome.ALLOWED,
                        Outcome.ALLOWED,
                        Outcome.LIMITED,
                        Outcome.ALLOWED,
                        Outcome.LIMITED,
                        Outcome.ALLOWED);
        assertThat(ask(limiter, of("b", "1")).outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(ask(limiter, of("a", "1", "b", "1")).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    /** Whoever takes part, there are never more buckets than allowed, and the ring stays whole. */
    @Test
    void dynamicBucketsKeepTheirNumberUnderThreads() {
        DynamicLimits limits = new DynamicLimits(rule(1_000_000, 50, false, "a", ""), 8);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                int seed = thread;
                threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        DescriptorKey key =
                                DescriptorKey.of(List.of("a", "v" + (i * 31 + seed) % (9 + seed)));
                        limits.limit(key, NOW);
                    }
                });
            }
        }
        assertThat(limits.size()).isEqualTo(8);
        for (int i = 0; i < 20; i++) {
            assertThat(limits.limit(DescriptorKey.of(List.of("a", "w" + i)), NOW)).isNotNull();
        }
        assertThat(limits.size()).isEqualTo(8);
        for (int i = 12; i < 20; i++) {
            DescriptorKey kept = DescriptorKey.of(List.of("a", "w" + i));
            LocalRateLimiter.Limit first = limits.limit(kept, NOW);
            assertThat(limits.limit(kept, NOW)).isSameAs(first);
        }
        assertThat(limits.size()).isEqualTo(8);
    }

    @Test
    void keysAreWrittenAsInEnvoy() {
        assertThat(DescriptorKey.of(List.of("a", "1", "b", ""))).hasToString("a=1, b=");
    }
}
