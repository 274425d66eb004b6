package dev.attache.filters.http.oauth2.cookie;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tokens that are longer than a cookie may be. */
final class TokenCookiesTest {

    private static CookieRules rules(int size, int chunks) {
        Map<CookieKind, CookieRules.Traits> traits = new EnumMap<>(CookieKind.class);
        for (CookieKind kind : CookieKind.values()) {
            traits.put(kind, new CookieRules.Traits(kind.usualName(), "/", "", false));
        }
        return new CookieRules(traits, "", new CookieRules.Splitting(size, chunks));
    }

    private static RequestCookies cookies(String text) {
        Headers request = new Headers();
        request.add(HeaderName.COOKIE, text);
        return RequestCookies.of(request);
    }

    @Test
    void aTokenIsCutWhereEnvoyCutsIt() {
        TokenCookies tokens = new TokenCookies(rules(512, 3));
        assertThat(tokens.chunks(CookieKind.BEARER_TOKEN, "x".repeat(464), "3600")).isEqualTo(1);
        assertThat(tokens.chunks(CookieKind.BEARER_TOKEN, "x".repeat(465), "3600")).isEqualTo(2);
        assertThat(tokens.chunks(CookieKind.BEARER_TOKEN, "x".repeat(5000), "3600")).isEqualTo(-1);
        List<String> lines = tokens.write(CookieKind.BEARER_TOKEN, "x".repeat(465), 2, "3600");
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).hasSize(511).startsWith("BearerToken_0=xxx");
        assertThat(lines.getLast()).startsWith("BearerToken_chunks=2;path=/;Max-Age=3600");
    }

    @Test
    void piecesArePutTogetherAndTakenAway() {
        TokenCookies tokens = new TokenCookies(rules(0, 0));
        RequestCookies cookies = cookies("IdToken_1=b; IdToken_chunks=2; IdToken_0=a; IdToken_2=c");
        assertThat(tokens.reassemble(cookies)).isTrue();
        assertThat(cookies.value("IdToken")).isEqualTo("ab");
        assertThat(cookies.names()).containsExactly("IdToken_2", "IdToken");
        assertThat(tokens.reassembled()).isEqualTo(1);
        assertThat(tokens.write(CookieKind.ID_TOKEN, "", 1, "5"))
                .extracting(line -> line.substring(0, line.indexOf('=')))
                .containsExactly("IdToken_chunks", "IdToken_0", "IdToken_1");
    }

    @Test
    void whatDoesNotFitTogetherIsTakenAway() {
        for (String text :
                List.of("IdToken_chunks=2; IdToken_0=a", "IdToken_chunks=x", "IdToken_chunks=17")) {
            TokenCookies tokens = new TokenCookies(rules(0, 0));
            RequestCookies cookies = cookies(text);
            assertThat(tokens.reassemble(cookies)).isTrue();
            assertThat(cookies.names()).isEmpty();
            assertThat(tokens.malformed()).isEqualTo(1);
            assertThat(tokens.deleteChunks()).hasSize(17);
        }
    }
}
