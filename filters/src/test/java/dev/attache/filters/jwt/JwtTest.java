package dev.attache.filters.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.TokenLab;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a token, and what Envoy says of one that cannot be read. */
class JwtTest {

    private static String token(String header, String payload) {
        return TokenLab.encode(header) + '.' + TokenLab.encode(payload) + ".AAAA";
    }

    private static Jwt payload(String payload) throws JwtException {
        return Jwt.parse(token("{\"alg\":\"HS256\"}", payload));
    }

    /** RFC 7519 section 3.1. */
    @Test
    void readsTheExampleOfTheRfc() throws JwtException {
        Jwt jwt =
                Jwt.parse(
                        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA"
                                + "4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjft"
                                + "JeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assertThat(jwt.issuer()).isEqualTo("joe");
        assertThat(jwt.expires()).isEqualTo(1300819380L);
        assertThat(jwt.payload().get("http://example.com/is_root"))
                .isEqualTo(new MetadataValue.Bool(true));
        assertThat(jwt.header().get("typ")).isEqualTo(new MetadataValue.Text("JWT"));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, OK",
        "1060, OK",
        "1061, EXPIRED",
        "440, OK",
        "439, NOT_YET_VALID",
    })
    void isValidInItsTime(long now, JwtStatus expected) throws JwtException {
        assertThat(payload("{\"nbf\":500,\"exp\":1000}").checkTime(now, 60)).isEqualTo(expected);
    }

    @Test
    void zeroMeansNoEnd() throws JwtException {
        Jwt jwt = payload("{\"exp\":0}");
        assertThat(jwt.checkTime(Long.MAX_VALUE / 2, 60)).isEqualTo(JwtStatus.OK);
        assertThat(jwt.expires()).isNull();
    }

    @Test
    void anEndBeyondAllCountingIsFar() throws JwtException {
        Jwt jwt = payload("{\"exp\":18446744073709540000}");
        assertThat(jwt.checkTime(2_000_000_000L, Integer.MAX_VALUE)).isEqualTo(JwtStatus.OK);
    }

    @Test
    void audiencesAreOneOrMany() throws JwtException {
        assertThat(payload("{\"aud\":\"a\"}").audiences()).containsExactly("a");
        assertThat(payload("{\"aud\":[\"a\",\"b\"]}").audiences()).containsExactly("a", "b");
        assertThat(payload("{}").audiences()).isEmpty();
    }

    @Test
    void textIsCharacters() throws JwtException {
        assertThat(payload("{\"sub\":\"é\\u20ac\"}").subject()).isEqualTo("é€");
    }

    /** Legacy JSON of protobuf, which Envoy reads tokens by. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iss\":\"i\",}",
                "{'iss':'i'}",
                "{iss:\"i\"}",
                "{\"iss\":\"i\",\"a\":\"\u0001\"}",
                " {\"iss\":\"i\"}\n"
            })
    void takesWhatProtobufTakes(String payload) throws JwtException {
        assertThat(payload(payload).issuer()).isEqualTo("i");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"a\":1e999}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "{\"a\":\"\\ud800\"}",
                "{/*x*/}",
                "{} x",
                "[1]",
                " ",
                "\ufeff{}"
            })
    void refusesWhatProtobufRefuses(String payload) {
        assertThatThrownBy(() -> payload(payload)).hasMessage(JwtStatus.PAYLOAD_BAD_JSON.text());
    }

    @Test
    void nestsAsDeepAsProtobuf() throws JwtException {
        assertThat(payload("{\"a\":" + "[".repeat(99) + "]".repeat(99) + "}").issuer()).isEmpty();
        assertThatThrownBy(() -> payload("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}"))
                .hasMessage(JwtStatus.PAYLOAD_BAD_JSON.text());
    }

    @Test
    void refusesTextThatIsNoUtf8() {
        String payload =
                TokenLab.encode("{\"a\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() ->
                        Jwt.parse(TokenLab.encode("{\"alg\":\"HS256\"}") + "." + payload + ".A"))
                .hasMessage(JwtStatus.PAYLOAD_BAD_JSON.text());
    }

    @ParameterizedTest
    @CsvSource({
        "{'iss':1},ISS_NOT_STRING",
        "{'iss':null},ISS_NOT_STRING",
        "{'sub':1},SUB_NOT_STRING",
        "{'iat':'1'},IAT_NOT_INTEGER",
        "{'iat':-1},IAT_OUT_OF_RANGE",
        "{'nbf':[]},NBF_NOT_INTEGER",
        "{'nbf':1e20},NBF_OUT_OF_RANGE",
        "{'exp':true},EXP_NOT_INTEGER",
        "{'exp':-1},EXP_OUT_OF_RANGE",
        "{'jti':1},JTI_NOT_STRING",
        "{'aud':1},AUD_NOT_STRING",
        "{'aud':[1]},AUD_NOT_STRING",
    })
    void claimsHaveTypes(String payload, JwtStatus status) {
        assertThatThrownBy(() -> payload(payload)).hasMessage(status.text());
    }

    @ParameterizedTest
    @CsvSource({
        "{},HEADER_BAD_ALG",
        "{'alg':1},HEADER_BAD_ALG",
        "{'alg':'none'},HEADER_ALG_NOT_IMPLEMENTED",
        "{'alg':'hs256'},HEADER_ALG_NOT_IMPLEMENTED",
        "x,HEADER_BAD_JSON",
    })
    void headersAreLookedAtFirst(String header, JwtStatus status) {
        assertThatThrownBy(() -> Jwt.parse(token(header, "x"))).hasMessage(status.text());
    }

    @Test
    void keyIdsAreText() {
        assertThatThrownBy(() -> Jwt.parse(token("{\"alg\":\"HS256\",\"kid\":1}", "{}")))
                .hasMessage(JwtStatus.HEADER_BAD_KID.text());
    }

    @Test
    void threePartsBetweenDots() throws JwtException {
        String good = token("{\"alg\":\"HS256\"}", "{}");
        for (String same : List.of(".." + good, good + "..", good.replace(".", "..."))) {
            assertThat(Jwt.parse(same).payload().fields()).isEmpty();
        }
        for (String bad : List.of("", "a.b", "a.b.c.d", "...")) {
            assertThatThrownBy(() -> Jwt.parse(bad)).hasMessage(JwtStatus.BAD_FORMAT.text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',true",
        "=,true",
        "==,false",
        "' ',true",
        "' !',false",
        "',',false",
        "\u00e9,false",
    })
    void paddingMayBeThereOrNot(String behind, boolean taken) throws JwtException {
        // Eight bytes: a group of two signs short by one.
        String token = token("{\"alg\":\"HS256\"}", "{}").replace(".AAAA", ".AAAAAAAAAAA");
        if (taken) {
            assertThat(Jwt.parse(token + behind).signature()).hasSize(8);
        } else {
            assertThatThrownBy(() -> Jwt.parse(token + behind))
                    .hasMessage(JwtStatus.SIGNATURE_BAD_BASE64.text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://a/,https://a/,true",
        "https://a/,a,true",
        "a,http://a/,true",
        "a/,a,true",
        "a,A,false",
        "a,HTTPS://a,false",
        "a,'',false",
        "http://,http://,true",
    })
    void schemesAndSlashesOfAudiencesMakeNoDifference(
            String allowed, String asked, boolean expected) {
        assertThat(new Audiences(List.of(allowed)).allow(List.of(asked))).isEqualTo(expected);
        assertThat(new Audiences(List.of()).allow(List.of())).isTrue();
        assertThat(new Audiences(List.of(allowed)).allow(List.of())).isFalse();
    }
}
