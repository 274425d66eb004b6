package dev.attache.filters.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.jwt.Jwks;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.testkit.TokenLab;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is fetched, how long it is good, and how it is counted. */
class RemoteKeysTest {

    private static final byte[] SET = TokenLab.set(TokenLab.secret(new byte[] {1}, ""));

    private final RemoteKeySet set =
            new RemoteKeySet(
                    "http://a.test/k", "c", "http", "a.test", "/k", 100, null, 600_000, null);

    private static Headers status(String status) {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, status);
        return head;
    }

    @Test
    void aResponseHasKeysIfItsStatusIs200() {
        assertThat(set.read(status("200"), SET).keys()).isNotNull();
        assertThat(set.read(status("201"), SET).keys()).isNull();
        assertThat(set.read(status("201"), SET).problem()).isEqualTo("status 201");
    }

    @ParameterizedTest
    @CsvSource({
        "'',an empty response",
        "{},Jwks does not have [keys] field",
        "x,Jwks is an invalid JSON",
    })
    void whatHasNoKeysIsSaid(String body, String problem) {
        RemoteKeySet.Fetched fetched =
                set.read(status("200"), body.getBytes(StandardCharsets.UTF_8));
        assertThat(fetched.keys()).isNull();
        assertThat(fetched.problem()).isEqualTo(problem);
    }

    @Test
    void keysAreGoodForTheirTime() throws Exception {
        Jwks keys = Jwks.parse(SET);
        SharedKeys shared = new SharedKeys();
        // The monotonic clock may stand anywhere, and pass its end.
        long now = Long.MAX_VALUE - 10;
        assertThat(shared.get(now)).isNull();
        shared.put(keys, now, 1);
        assertThat(shared.get(now)).isSameAs(keys);
        assertThat(shared.get(now + 999_999)).isSameAs(keys);
        assertThat(shared.get(now + 1_000_000)).isNull();
        shared.put(keys);
        assertThat(shared.get(now + Integer.MAX_VALUE)).isSameAs(keys);
    }

    /** The main loop fetches before anybody knows the names of its counters. */
    @Test
    void earlyFetchesAreCountedOnce() {
        Scope scope = new StatsStore().scope("http.main.jwt_authn.");
        Counter good = scope.counter("jwks_fetch_success");
        Counter bad = scope.counter("jwks_fetch_failed");
        FetchCounts counts = new FetchCounts();
        counts.count(true);
        counts.count(false);
        counts.count(false);
        counts.into(good, bad);
        counts.into(good, bad);
        counts.count(true);
        assertThat(good.value()).isEqualTo(2);
        assertThat(bad.value()).isEqualTo(2);
    }
}
