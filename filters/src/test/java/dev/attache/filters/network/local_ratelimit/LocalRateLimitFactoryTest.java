package dev.attache.filters.network.local_ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import io.envoyproxy.envoy.extensions.filters.network.local_ratelimit.v3.LocalRateLimit;
import org.junit.jupiter.api.Test;

/** Which configurations draw from one bucket, and for how long. */
final class LocalRateLimitFactoryTest {
    private final CompileSettings settings = new ConfigFixture().settings();

    private SharedSlot<LocalRateLimiter> bucket(String share, long tokens) {
        LocalRateLimit proto =
                ConfigFixture.parse(
                        "{stat_prefix: s, %s token_bucket: {max_tokens: %d, fill_interval: 3600s}}"
                                .formatted(share, tokens),
                        LocalRateLimit.getDefaultInstance());
        return new LocalRateLimitFactory()
                .compile(proto, CompileContext.root(settings, new Diagnostics("t")))
                .orThrow()
                .bucket();
    }

    @Test
    void oneKeyAndOneBucketAreShared() {
        assertThat(bucket("share_key: k,", 1)).isSameAs(bucket("share_key: k,", 1));
        assertThat(bucket("share_key: k,", 1)).isNotSameAs(bucket("share_key: k,", 2));
        assertThat(bucket("share_key: k,", 1)).isNotSameAs(bucket("share_key: l,", 1));
        assertThat(bucket("", 1)).isNotSameAs(bucket("", 1));
    }

    @Test
    void theBucketOutlivesTheConfigurationsThatComeAndGo() {
        SharedSlot.Lease<LocalRateLimiter> first = bucket("share_key: k,", 1).lease();
        assertThat(first.value().allows(System.nanoTime())).isTrue();
        SharedSlot.Lease<LocalRateLimiter> second = bucket("share_key: k,", 1).lease();
        first.close();
        assertThat(second.value().allows(System.nanoTime())).isFalse();
        second.close();
        try (SharedSlot.Lease<LocalRateLimiter> later = bucket("share_key: k,", 1).lease()) {
            assertThat(later.value().allows(System.nanoTime())).isTrue();
        }
    }
}
