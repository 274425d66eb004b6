package dev.attache.filters.http.local_ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.ConfigFixture;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts as the real Envoy 1.40 prints them. */
final class LocalRateLimitSettingsFactoryTest {
    private static final String BUCKET = "token_bucket: {max_tokens: 1, fill_interval: 1s}";

    private final ConfigFixture fixture = new ConfigFixture();

    private CompileContext context() {
        return CompileContext.root(fixture.settings(), new Diagnostics("t"));
    }

    private Compiled<Object> ofRoute(String fields) {
        LocalRateLimit proto =
                ConfigFixture.parse(
                        "{stat_prefix: s, " + fields + "}", LocalRateLimit.getDefaultInstance());
        return new LocalRateLimitSettingsFactory().compile(proto, context());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    stage: 1 | : local rate limit token bucket must be set for per filter configs
                    token_bucket: {max_tokens: 1, fill_interval: 0.049s} | token_bucket.fill_interval: local rate limit token bucket fill timer must be >= 50ms
                    BUCKET, descriptors: [{entries: [{key: a, value: b}], token_bucket: {max_tokens: 1, fill_interval: 0.01s}}] | descriptors[0].token_bucket.fill_interval: local rate limit descriptor token bucket fill timer must be >= 50ms
                    BUCKET, descriptors: [{entries: [{key: a}], BUCKET}, {entries: [{key: a}], BUCKET}] | descriptors[1]: duplicate descriptor in the local rate descriptor: a=
                    BUCKET, rate_limits: [{stage: 0, actions: [{source_cluster: {}}]}] | rate_limits[0]: 'stage' field and 'disable_key' field are not supported
                    BUCKET, rate_limits: [{disable_key: d, actions: [{source_cluster: {}}]}] | rate_limits[0]: 'stage' field and 'disable_key' field are not supported
                    BUCKET, rate_limits: [{actions: [{source_cluster: {}}], limit: {dynamic_metadata: {metadata_key: {key: a}}}}] | rate_limits[0]: 'limit' field is not supported
                    BUCKET, rate_limits: [{actions: [{source_cluster: {}}], hits_addend: {}}] | rate_limits[0].hits_addend: hits_addend must contain either a format or a number
                    BUCKET, rate_limits: [{actions: [{source_cluster: {}}], hits_addend: {number: 1, format: '%REQ(a)%'}}] | rate_limits[0].hits_addend: hits_addend must contain either a format or a number
                    BUCKET, rate_limits: [{actions: [{source_cluster: {}}], hits_addend: {format: '%REQ(a)%%REQ(b)%'}}] | rate_limits[0].hits_addend.format: hits_addend format must contain exactly one substitution
                    BUCKET, local_cluster_rate_limit: {} | local_cluster_rate_limit: local_cluster_rate_limit is set but no local cluster name is present
                    BUCKET, local_cluster_rate_limit: {}, local_rate_limit_per_downstream_connection: true | local_cluster_rate_limit: local_cluster_rate_limit is set and local_rate_limit_per_downstream_connection is set to true
                    """)
    void refuses(String fields, String error) {
        assertThat(ConfigFixture.errors(ofRoute(fields.replace("BUCKET", BUCKET))))
                .containsExactly(error);
    }

    @Test
    void aBucketThatLetsNothingThroughMayFillAsItLikes() {
        assertThat(
                        ConfigFixture.errors(
                                ofRoute("token_bucket: {max_tokens: 0, fill_interval: 0.001s}")))
                .isEmpty();
    }

    @Test
    void theFilterNeedsNoBucket() {
        LocalRateLimit proto =
                ConfigFixture.parse("{stat_prefix: s}", LocalRateLimit.getDefaultInstance());
        LocalRateLimitSettings settings =
                ((LocalRateLimitFilterSpec)
                                new LocalRateLimitFilterFactory()
                                        .compile(proto, context())
                                        .orThrow())
                        .settings();
        assertThat(settings.limits().bucket()).isNull();
        assertThat(settings.enabled()).isEqualTo(Fraction.NEVER);
        assertThat(settings.enforced()).isEqualTo(Fraction.NEVER);
        assertThat(settings.status()).isEqualTo(429);
        assertThat(settings.limits().maxDynamic()).isEqualTo(20);
        assertThat(settings.limits().alwaysDefault()).isTrue();
        assertThat(settings.limits().shadowPasses()).isTrue();
    }

    @Test
    void theLargestNumberOfDescriptorsIsNoneThatAreForgotten() {
        LocalRateLimitSettings settings =
                (LocalRateLimitSettings)
                        ofRoute(BUCKET + ", max_dynamic_descriptors: 4294967295").orThrow();
        assertThat(settings.limits().maxDynamic()).isEqualTo(Integer.MAX_VALUE);
    }
}
