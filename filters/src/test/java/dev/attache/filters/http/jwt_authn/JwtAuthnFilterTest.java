package dev.attache.filters.http.jwt_authn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.TokenLab;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

/** Tokens of one provider, whose keys the configuration holds. */
final class JwtAuthnFilterTest {
    private static final byte[] SECRET =
            "a secret that is long enough for it".getBytes(StandardCharsets.US_ASCII);
    private static final String PREFIX = "http.test.jwt_authn.";

    private static FilterSetup jwt(String provider, String more) {
        String keys =
                new String(
                        TokenLab.set(TokenLab.secret(SECRET, ",\"alg\":\"HS256\"")),
                        StandardCharsets.ISO_8859_1);
        return BuiltinFilter.of(
                "jwt",
                "jwt_authn.v3.JwtAuthentication",
                "{providers: {p: {issuer: ann, local_jwks: {inline_string: '%s'}%s}}, rules: [{match: {prefix: /}, requires: {provider_name: p}}]%s}"
                        .formatted(keys, provider, more));
    }

    private static String token(String claims) {
        return signed(SECRET, claims);
    }

    private static String signed(byte[] secret, String claims) {
        try {
            return TokenLab.signed("HS256", secret, "{\"alg\":\"HS256\"}", claims);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aGoodTokenGoesOnWithWhatItSays() {
        FilterSetup setup =
                jwt(
                        """
                        , claim_to_headers: [{header_name: x-sub, claim_name: sub}],
                        payload_in_metadata: payload, forward: true\
                        """,
                        "");
        String good = token("{\"iss\":\"ann\",\"sub\":\"s\"}");
        String outcome =
                setup.everyCut(harness -> {
                    Exchange exchange =
                            harness.post("/", "body", "authorization", "Bearer " + good);
                    exchange.respond(200).responseEnd("fine");
                    assertThat(exchange.metadata("envoy.filters.http.jwt_authn", "payload", "sub"))
                            .isEqualTo(new MetadataValue.Text("s"));
                    return harness.outcome();
                });
        assertThat(outcome)
                .contains(
                        "authorization: Bearer " + good + "\n",
                        "x-sub: s\n",
                        "body: body\ncomplete",
                        PREFIX + "allowed: 1\n");
    }

    @Test
    void whatIsWrongWithATokenIsToldInEnvoysWords() {
        try (FilterHarness harness = jwt(", audiences: [here]", "").open()) {
            Exchange none = harness.post("/p?q", "body");
            assertThat(none.forwarded().began()).isFalse();
            assertThat(none.response().toString())
                    .isEqualTo(
                            """
                            :status: 401
                            www-authenticate: Bearer realm="http://test.example/p?q"
                            content-length: 14
                            content-type: text/plain
                            body: Jwt is missing
                            complete\
                            """);
            assertThat(none.details()).isEqualTo("jwt_authn_access_denied{Jwt_is_missing}");
            assertThat(none.flags()).isEqualTo("-");
            refused(harness, "a.b.c", 401, "Jwt header is an invalid Base64url encoded");
            refused(harness, token("{\"iss\":\"bob\"}"), 401, "Jwt issuer is not configured");
            refused(harness, token("{\"iss\":\"ann\",\"exp\":1}"), 401, "Jwt is expired");
            refused(
                    harness,
                    token("{\"iss\":\"ann\",\"aud\":\"there\"}"),
                    403,
                    "Audiences in Jwt are not allowed");
            String other =
                    signed(
                            "another secret, long enough as well"
                                    .getBytes(StandardCharsets.US_ASCII),
                            "{\"iss\":\"ann\",\"aud\":\"here\"}");
            refused(harness, other, 401, "Jwt verification fails");
            assertThat(harness.counter(PREFIX + "denied")).isEqualTo(6);
        }
    }

    private static void refused(FilterHarness harness, String token, int status, String why) {
        Exchange exchange = harness.get("/", "authorization", "Bearer " + token);
        assertThat(exchange.response().body()).isEqualTo(why);
        assertThat(exchange.response().status()).isEqualTo(status);
        assertThat(exchange.response().header("www-authenticate"))
                .endsWith(", error=\"invalid_token\"");
    }

    @Test
    void aPreflightMayPass() {
        String[] preflight = {"origin", "https://a", "access-control-request-method", "PUT"};
        try (FilterHarness harness = jwt("", ", bypass_cors_preflight: true").open()) {
            assertThat(harness.bodiless("OPTIONS", "/", preflight).forwarded().ended()).isTrue();
            assertThat(harness.counter(PREFIX + "cors_preflight_bypassed")).isEqualTo(1);
            assertThat(harness.bodiless("OPTIONS", "/").response().status()).isEqualTo(401);
        }
    }

    @Test
    void aRouteHasItsOwnRequirementOrNone() {
        FilterSetup setup =
                jwt("", ", requirement_map: {free: {allow_missing: {}}}")
                        .override(OverrideLevel.ROUTE, perRoute("{requirement_name: free}"));
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(harness.get("/", "authorization", "Bearer x.y.z").response().status())
                    .isEqualTo(401);
        }
        setup.override(OverrideLevel.ROUTE, perRoute("{disabled: true}"));
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/", "authorization", "Bearer x.y.z").forwarded().ended())
                    .isTrue();
        }
    }

    private static String perRoute(String fields) {
        return BuiltinFilter.typed("jwt_authn.v3.PerRouteConfig", fields);
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        String good = token("{\"iss\":\"ann\"}");
        jwt("", "")
                .everyDeparture(harness ->
                        harness.post("/", "body", "authorization", "Bearer " + good)
                                .respond(200)
                                .responseEnd("fine"));
    }
}
