package dev.attache.filters.http.ext_authz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.CacheSettings;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.proxy.stats.StatsStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecisionCacheTest {
    private static final AuthorizationService SERVICE =
            new AuthorizationService.OverGrpc(GrpcService.of("authz", 200));

    private static final DecisionCache.Beside ALONE = beside(Map.of(), null);

    private static DecisionCache.Beside beside(
            Map<String, String> extensions, @Nullable String certificate) {
        return new DecisionCache.Beside(
                SERVICE, extensions, certificate, null, Metadata.EMPTY, Metadata.EMPTY);
    }

    private final StatsStore stats = new StatsStore();
    private long now;

    private DecisionCache cache(int size, boolean keepDenied) {
        return new DecisionCache(
                new CacheSettings(List.of("authorization", ":path"), 1000, size, keepDenied),
                stats.scope("http.main.ext_authz."),
                0,
                () -> now);
    }

    private static Headers request(String authorization, String path) {
        Headers headers = new Headers();
        headers.add(HeaderName.PATH, path);
        headers.add(HeaderName.AUTHORIZATION, authorization);
        headers.add(HeaderName.of("x-else"), "does not matter " + Math.random());
        return headers;
    }

    private static Decision decision(Outcome outcome) {
        return new Decision(
                outcome,
                403,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                MetadataValue.EMPTY_STRUCT,
                false);
    }

    private static DecisionCache.Key key(DecisionCache cache, String authorization, String path) {
        return key(cache, ALONE, request(authorization, path));
    }

    private static DecisionCache.Key key(
            DecisionCache cache, DecisionCache.Beside beside, Headers request) {
        return Objects.requireNonNull(cache.key(beside, request));
    }

    private long count(String name) {
        return stats.counter("http.main.ext_authz.decision_cache." + name).value();
    }

    @Test
    void the_headers_that_decide_find_a_decision_again() {
        DecisionCache cache = cache(10, false);
        DecisionCache.Key key = key(cache, "a", "/");
        assertThat(cache.get(key)).isNull();
        cache.put(key, decision(Outcome.OK));
        assertThat(cache.get(key(cache, "a", "/"))).isNotNull();
        assertThat(cache.get(key(cache, "b", "/"))).isNull();
        assertThat(cache.get(key(cache, "a", "/x"))).isNull();
        assertThat(cache.get(key(cache, beside(Map.of("k", "v"), null), request("a", "/"))))
                .isNull();
        assertThat(count("hits")).isOne();
        assertThat(count("misses")).isEqualTo(4);
    }

    @Test
    void fields_are_told_apart_from_one_that_holds_both() {
        DecisionCache cache = cache(10, false);
        Headers twice = request("a", "/");
        twice.add(HeaderName.AUTHORIZATION, "b");
        cache.put(key(cache, ALONE, twice), decision(Outcome.OK));
        assertThat(cache.get(key(cache, "a,b", "/"))).isNull();
        Headers none = new Headers();
        none.add(HeaderName.PATH, "/");
        cache.put(key(cache, ALONE, none), decision(Outcome.OK));
        assertThat(cache.get(key(cache, "", "/"))).isNull();
        assertThat(cache.get(key(cache, ALONE, twice))).isNotNull();
    }

    @Test
    void another_client_or_other_metadata_is_another_question() {
        DecisionCache cache = cache(10, false);
        Headers request = request("a", "/");
        cache.put(key(cache, beside(Map.of(), "one"), request), decision(Outcome.OK));
        assertThat(cache.get(key(cache, beside(Map.of(), "two"), request))).isNull();
        assertThat(cache.get(key(cache, ALONE, request))).isNull();
        Metadata metadata = new Metadata(Map.of("ns", MetadataValue.EMPTY_STRUCT));
        DecisionCache.Beside told =
                new DecisionCache.Beside(SERVICE, Map.of(), "one", null, metadata, Metadata.EMPTY);
        assertThat(cache.get(key(cache, told, request))).isNull();
    }

    @Test
    void another_name_asked_for_in_TLS_is_another_question() {
        DecisionCache.Beside one = asking("one.test");
        DecisionCache cache = cache(10, false);
        cache.put(key(cache, one, request("a", "/")), decision(Outcome.OK));
        assertThat(cache.get(key(cache, asking("two.test"), request("a", "/")))).isNull();
        assertThat(cache.get(key(cache, ALONE, request("a", "/")))).isNull();
        assertThat(cache.get(key(cache, asking("one.test"), request("a", "/")))).isNotNull();
    }

    private static DecisionCache.Beside asking(String serverName) {
        return new DecisionCache.Beside(
                SERVICE, Map.of(), null, serverName, Metadata.EMPTY, Metadata.EMPTY);
    }

    @Test
    void other_messages_in_metadata_are_another_question() {
        DecisionCache cache = cache(10, false);
        for (boolean ofRoute : new boolean[] {false, true}) {
            DecisionCache.Beside told = telling("message", ofRoute);
            cache.put(key(cache, told, request("a", "/")), decision(Outcome.OK));
            DecisionCache.Beside other = telling("massage", ofRoute);
            assertThat(cache.get(key(cache, other, request("a", "/")))).isNull();
            assertThat(cache.get(key(cache, told, request("a", "/")))).isNotNull();
            assertThat(cache.get(key(cache, telling("message", ofRoute), request("a", "/"))))
                    .isNotNull();
        }
    }

    private static DecisionCache.Beside telling(String message, boolean ofRoute) {
        TypedMetadata bytes = new TypedMetadata("type.test/a", message.getBytes(UTF_8));
        Metadata typed = new Metadata(Map.of(), Map.of("ns", bytes));
        return new DecisionCache.Beside(
                SERVICE,
                Map.of(),
                null,
                null,
                ofRoute ? Metadata.EMPTY : typed,
                ofRoute ? typed : Metadata.EMPTY);
    }

    @Test
    void long_values_are_not_kept() {
        DecisionCache cache = cache(10, false);
        assertThat(cache.key(ALONE, request("a".repeat(4095), "/"))).isNotNull();
        assertThat(cache.key(ALONE, request("a".repeat(4096), "/"))).isNull();
    }

    @Test
    void the_host_is_the_authority() {
        CacheSettings byHost = new CacheSettings(List.of("Host"), 1000, 10, false);
        DecisionCache cache = new DecisionCache(byHost, stats.scope("http.a."), 0, () -> now);
        Headers one = new Headers();
        one.add(HeaderName.AUTHORITY, "one");
        Headers two = new Headers();
        two.add(HeaderName.AUTHORITY, "two");
        assertThat(key(cache, ALONE, one)).isNotEqualTo(key(cache, ALONE, two));
    }

    @Test
    void a_time_without_end_does_not_overflow() {
        CacheSettings forever = new CacheSettings(List.of("a"), Long.MAX_VALUE, 10, false);
        DecisionCache cache = new DecisionCache(forever, stats.scope("http.a."), 0, () -> now);
        now = 1_000_000_000L;
        DecisionCache.Key key = key(cache, ALONE, new Headers());
        cache.put(key, decision(Outcome.OK));
        now *= 1000;
        assertThat(cache.get(key)).isNotNull();
    }

    @Test
    void a_decision_is_forgotten_in_time() {
        DecisionCache cache = cache(10, false);
        DecisionCache.Key key = key(cache, "a", "/");
        cache.put(key, decision(Outcome.OK));
        now = 999_999_999L;
        assertThat(cache.get(key)).isNotNull();
        now = 1_000_000_000L;
        assertThat(cache.get(key)).isNull();
        assertThat(stats.gauge("http.main.ext_authz.decision_cache.size").value()).isZero();
    }

    @Test
    void the_one_that_was_not_asked_for_longest_gives_way() {
        DecisionCache cache = cache(2, false);
        DecisionCache.Key a = key(cache, "a", "/");
        DecisionCache.Key b = key(cache, "b", "/");
        DecisionCache.Key c = key(cache, "c", "/");
        cache.put(a, decision(Outcome.OK));
        cache.put(b, decision(Outcome.OK));
        assertThat(cache.get(a)).isNotNull();
        cache.put(c, decision(Outcome.OK));
        assertThat(cache.get(b)).isNull();
        assertThat(cache.get(a)).isNotNull();
        assertThat(count("evictions")).isOne();
        assertThat(stats.gauge("http.main.ext_authz.decision_cache.size").value()).isEqualTo(2);
        cache.close();
        assertThat(stats.gauge("http.main.ext_authz.decision_cache.size").value()).isZero();
    }

    @Test
    void errors_are_never_kept_and_refusals_only_where_wanted() {
        DecisionCache plain = cache(2, false);
        DecisionCache.Key key = key(plain, "a", "/");
        plain.put(key, Decision.ERROR);
        plain.put(key, decision(Outcome.DENIED));
        assertThat(plain.get(key)).isNull();
        DecisionCache keeping = cache(2, true);
        keeping.put(key, Decision.ERROR);
        assertThat(keeping.get(key)).isNull();
        keeping.put(key, decision(Outcome.DENIED));
        assertThat(keeping.get(key)).isNotNull();
    }
}
