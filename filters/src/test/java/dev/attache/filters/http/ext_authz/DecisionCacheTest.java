package dev.attache.filters.http.ext_authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.CacheSettings;
import dev.attache.proxy.call.GrpcService;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.StatsStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionCacheTest {
    private static final AuthorizationService SERVICE =
            new AuthorizationService.OverGrpc(GrpcService.of("authz", 200));

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

    private long count(String name) {
        return stats.counter("http.main.ext_authz.decision_cache." + name).value();
    }

    @Test
    void the_headers_that_decide_find_a_decision_again() {
        DecisionCache cache = cache(10, false);
        DecisionCache.Key key = cache.key(SERVICE, Map.of(), request("a", "/"));
        assertThat(cache.get(key)).isNull();
        cache.put(key, decision(Outcome.OK));
        assertThat(cache.get(cache.key(SERVICE, Map.of(), request("a", "/")))).isNotNull();
        assertThat(cache.get(cache.key(SERVICE, Map.of(), request("b", "/")))).isNull();
        assertThat(cache.get(cache.key(SERVICE, Map.of(), request("a", "/x")))).isNull();
        assertThat(cache.get(cache.key(SERVICE, Map.of("k", "v"), request("a", "/")))).isNull();
        assertThat(count("hits")).isOne();
        assertThat(count("misses")).isEqualTo(4);
    }

    @Test
    void a_decision_is_forgotten_in_time() {
        DecisionCache cache = cache(10, false);
        DecisionCache.Key key = cache.key(SERVICE, Map.of(), request("a", "/"));
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
        DecisionCache.Key a = cache.key(SERVICE, Map.of(), request("a", "/"));
        DecisionCache.Key b = cache.key(SERVICE, Map.of(), request("b", "/"));
        DecisionCache.Key c = cache.key(SERVICE, Map.of(), request("c", "/"));
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
        DecisionCache.Key key = plain.key(SERVICE, Map.of(), request("a", "/"));
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
