package dev.attache.filters.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.testkit.TokenLab;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens and key sets: each is read or refused with a status, what is read is verified by nobody's
 * key but its own, and Base64url is what the JDK says where both read it.
 */
@Tag("wire")
class JwtFuzzTest {

    private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    static Stream<byte[]> tokens() throws GeneralSecurityException {
        return Stream.of(
                        TokenLab.signed(
                                "HS256",
                                SECRET,
                                "{\"alg\":\"HS256\"}",
                                "{\"iss\":\"i\",\"exp\":1}"),
                        TokenLab.encode("{\"alg\":\"ES256\",\"kid\":\"a\"}") + ".e30.AAAA",
                        "eyJhbGciOiJQUzI1NiJ9..{'aud':['a']}.==",
                        "a.b.c")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("tokens")
    @FuzzTest
    void readsTokens(byte[] bytes) throws JwtException {
        String token = new String(bytes, StandardCharsets.ISO_8859_1);
        Jwt jwt;
        try {
            jwt = Jwt.parse(token);
        } catch (JwtException e) {
            assertThat(e.status()).isNotEqualTo(JwtStatus.OK);
            return;
        }
        Jwks none =
                Jwks.parse(TokenLab.set("{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAA\"}"));
        assertThat(none.verify(jwt)).isNotEqualTo(JwtStatus.OK);
        assertThat(Jwt.parse(token + ".").payload()).isEqualTo(jwt.payload());
        assertThat(jwt.checkTime(0, 60)).isNotNull();
    }

    static Stream<byte[]> sets() {
        return Stream.of(
                TokenLab.set(TokenLab.secret(SECRET, "")),
                TokenLab.set(
                        "{\"kty\":\"EC\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
                        "{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
                        "{\"kty\":\"RSA\",\"n\":\"" + "_".repeat(86) + "w\",\"e\":\"AQAB\"}"),
                ("{\"a\":\"-----BEGIN CERTIFICATE-----\\nAA\\n-----END CERTIFICATE-----\\n\"}")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @MethodSource("sets")
    @FuzzTest
    void readsSets(byte[] bytes) throws JwtException {
        Jwks set;
        try {
            set = Jwks.parse(bytes);
        } catch (JwtException e) {
            assertThat(e.getMessage()).isEqualTo(e.status().text());
            return;
        }
        for (Algorithm algorithm : Algorithm.values()) {
            String name = algorithm == Algorithm.EDDSA ? "EdDSA" : algorithm.name();
            String token = TokenLab.encode("{\"alg\":\"" + name + "\"}") + ".e30.";
            assertThat(set.verify(Jwt.parse(token + "AAAA"))).isNotEqualTo(JwtStatus.OK);
        }
    }

    @MethodSource("tokens")
    @FuzzTest
    void decodesAsTheJdk(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        byte[] decoded = Base64Url.decode(text);
        byte[] expected;
        try {
            expected = java.util.Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(decoded).isNotNull();
        assertThat(Arrays.equals(decoded, expected)).isTrue();
    }
}
