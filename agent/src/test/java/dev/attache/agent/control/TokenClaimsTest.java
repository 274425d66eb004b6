package dev.attache.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenClaimsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir Path directory;

    private static String token(String claims) {
        String payload =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return "e30." + payload + ".c2VjcmV0";
    }

    private String words(String token) throws IOException {
        Path file = directory.resolve("istio-token");
        Files.writeString(file, token);
        return TokenClaims.words(file, NOW);
    }

    @Test
    void aTokenOfAPodNamesThePodWithWhichItEnds() throws IOException {
        String claims =
                """
                {"aud":["istio-ca","other"],"exp":%d,"sub":"system:serviceaccount:ns:sa",
                 "kubernetes.io":{"namespace":"ns","pod":{"name":"p-1","uid":"4711"}}}
                """
                        .formatted(NOW.plusSeconds(60).getEpochSecond());
        assertThat(words(token(claims)))
                .isEqualTo(
                        "of system:serviceaccount:ns:sa for istio-ca, other, bound to the pod p-1"
                                + " (uid 4711) and not valid without it, until 2026-11-30T12:01:00Z")
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void oneThatHasExpiredSaysSo() throws IOException {
        assertThat(words(token("{\"aud\":\"a\",\"exp\":1,\"sub\":\"s\"}")))
                .isEqualTo("of s for a, expired at 1970-01-01T00:00:01Z");
        assertThat(words(token("{}"))).isEqualTo("of nobody for nobody");
    }

    @Test
    void whatIsNoTokenIsNotRepeated() throws IOException {
        assertThat(words("secret")).isEqualTo("what is there is no token: it has 1 parts, not 3");
        assertThat(words("a.secret secret.c"))
                .startsWith("what is there is no token: ")
                .doesNotContain("secret");
        assertThat(words(token("[\"secret\"]")))
                .isEqualTo("what is there is no token: it says nothing");
        assertThat(words(token("secret"))).startsWith("what is there is no token: no JSON");
        assertThat(words(" \n")).isEqualTo("it is empty");
        assertThat(TokenClaims.words(directory.resolve("none"), NOW))
                .startsWith("it cannot be read: ");
        assertThatThrownBy(() -> TokenClaims.of("")).isInstanceOf(IllegalArgumentException.class);
    }
}
