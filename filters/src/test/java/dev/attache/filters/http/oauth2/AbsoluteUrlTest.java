package dev.attache.filters.http.oauth2;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AbsoluteUrlTest {

    private static @Nullable String hostname(String url) {
        AbsoluteUrl parsed = AbsoluteUrl.parse(url);
        return parsed == null ? null : parsed.hostname();
    }

    @Test
    void theHostIsBesideUserAndPort() {
        assertThat(AbsoluteUrl.parse("https://u:p%20@a_b-c.test:8443/p?q#f"))
                .isEqualTo(new AbsoluteUrl("https", "a_b-c.test:8443", "/p?q#f"));
        assertThat(AbsoluteUrl.parse("http://a.test"))
                .isEqualTo(new AbsoluteUrl("http", "a.test", "/"));
        assertThat(hostname("http://a.test:80?q=@b.test")).isEqualTo("a.test");
        assertThat(hostname("http://[2001:db8::1]:80/")).isEqualTo("2001:db8::1");
        assertThat(hostname("http://a.test/\\@b.test")).isEqualTo("a.test");
    }

    @Test
    void whatReadersMayCutElsewhereIsNoUrl() {
        for (String authority :
                new String[] {
                    "",
                    ":80",
                    "a.test\\@b.test",
                    "a.test\\.b.test",
                    "u@a.test@b.test",
                    "u@",
                    "a.test#@b.test",
                    "a.test:",
                    "a.test:b",
                    "a.test:65536",
                    "a.test:123456789012",
                    "a%2etest",
                    "\u00e9.test",
                    "[::1",
                    "[::1]a.test",
                    "[a.test]"
                }) {
            assertThat(AbsoluteUrl.parse("http://" + authority + "/p")).as(authority).isNull();
        }
    }
}
