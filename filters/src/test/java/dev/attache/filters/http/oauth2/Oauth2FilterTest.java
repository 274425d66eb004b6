package dev.attache.filters.http.oauth2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.SideCall;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The filter before a token endpoint that answers as the test says; cookies are Envoy's. */
final class Oauth2FilterTest {

    private static final String STATE =
            "eyJ1cmwiOiJodHRwOi8vYXBwLmV4YW1wbGUvcD9xPTEiLCJjc3JmX3Rva2VuIjoiMDEyMzQ1Njc4OWFiY2RlZi5tK2lzTTFGeWFVWVEzQ0NUS1R3Q1RhYlN0a21HMlU4MThuNkw2dWhuamJFPSIsImZsb3dfaWQiOiIwMTIzNDU2Nzg5YWJjZGVmIn0";

    /** Of a login that another proxy began with the same secret. */
    private static final String FLOW =
            "cookie: OauthNonce.0123456789abcdef=0123456789abcdef.m+isM1FyaUYQ3CCTKTwCTabStkmG2U818n6L6uhnjbE=; CodeVerifier.0123456789abcdef=MDEyMzQ1Njc4OWFiY2RlZhAn_wUUvQYl4IrcJz3_ITc";

    /** Of {@code test.example}, until the end of the century. */
    private static final String SESSION =
            "OauthHMAC=Tc2KCiBpF4q4kYbK5X2euy2OYiOFtyDe0p7s7C+B/sE=; OauthExpires=4102444800; BearerToken=MDEyMzQ1Njc4OWFiY2RlZsLd2JDHEG9zlSZ0JhRl4FM";

    private static final String CALLBACK = "/callback?code=c&state=" + STATE;
    private static final CallAnswer TOKENS =
            CallAnswer.status(200)
                    .body("{\"access_token\":\"AT\",\"expires_in\":60,\"id_token\":\"IT\"}");

    private static FilterSetup oauth2(String... fields) {
        return BuiltinFilter.of(
                        "envoy.filters.http.oauth2",
                        "oauth2.v3.OAuth2",
                        """
                        {config: {token_endpoint: {cluster: idp, uri: "http://idp/token", timeout: 3s},
                          authorization_endpoint: "https://idp/auth", redirect_uri: "http://%%REQ(:authority)%%/callback",
                          redirect_path_matcher: {path: {exact: /callback}}, signout_path: {path: {exact: /signout}},
                          credentials: {client_id: me, token_secret: {name: token}, hmac_secret: {name: hmac}},
                          disable_token_encryption: %s}}
                        """
                                .formatted(
                                        fields.length == 0 ? "false" : String.join(", ", fields)))
                .compiledWith(settings ->
                        BuiltinFilter.withSecrets(settings, "token", "s+t", "hmac", "hmac-secret"));
    }

    private static String[] from(String cookie, String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "cookie";
        all[1] = cookie.replace("cookie: ", "");
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }

    @Test
    void whoHasNoSessionIsSentToLogIn() {
        try (FilterHarness harness = oauth2().open()) {
            Exchange exchange = harness.post("/p?q=1", "body");
            assertThat(exchange.response().status()).isEqualTo(302);
            assertThat(exchange.response().header("location"))
                    .startsWith("https://idp/auth?client_id=me&code_challenge=")
                    .contains("&code_challenge_method=S256&redirect_uri=http%3A%2F%2F");
            assertThat(exchange.details()).isEqualTo("oauth.missing_credentials");
            assertThat(exchange.forwarded().began()).isFalse();
            assertThat(harness.counter("http.test.oauth_unauthorized_rq")).isEqualTo(1);
        }
    }

    @Test
    void aLoginThatAnotherProxyBeganIsFinished() {
        try (FilterHarness harness = oauth2().open()) {
            Exchange exchange = harness.get(CALLBACK, from(FLOW));
            SideCall call = harness.calls().only();
            assertThat(call.request().body())
                    .startsWith("grant_type=authorization_code&code=c&client_id=me")
                    .contains("&client_secret=s%2Bt&redirect_uri=")
                    .endsWith("&code_verifier=verifier-abc");
            assertThat(call.timeoutMillis()).isEqualTo(3000);
            call.answer(TOKENS);
            assertThat(exchange.response().status()).isEqualTo(302);
            assertThat(exchange.response().header("location"))
                    .isEqualTo("http://app.example/p?q=1");
            assertThat(exchange.details()).isEqualTo("oauth.logged_in");
            assertThat(harness.counter("http.test.oauth_legacy_cbc_decrypt")).isEqualTo(1);
        }
    }

    @Test
    void aSessionThatAnotherProxyMadeIsGood() {
        try (FilterHarness harness = oauth2("false, forward_bearer_token: true").open()) {
            Exchange exchange = harness.get("/p", from(SESSION, ":authority", "test.example"));
            assertThat(exchange.forwarded().header("authorization")).isEqualTo("Bearer AT");
            assertThat(exchange.forwarded().header("cookie")).isEqualTo("BearerToken=AT");
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
            assertThat(harness.counter("http.test.oauth_success")).isEqualTo(1);
            Exchange other = harness.get("/p", from(SESSION, ":authority", "other.example"));
            assertThat(other.response().status()).isEqualTo(302);
        }
    }

    @Test
    void aSessionIsRenewedWhileTheRequestWaits() {
        String outcome =
                oauth2("true")
                        .everyCut(harness -> {
                            Exchange exchange =
                                    harness.request("POST", "/p", from("RefreshToken=R"))
                                            .body("a body ");
                            assertThat(exchange.forwarded().began()).isFalse();
                            exchange.end("in two");
                            harness.calls().only().answer(TOKENS);
                            exchange.respond(200).responseEnd("fine");
                            assertThat(exchange.response().toString())
                                    .contains("BearerToken=AT;path=/;Max-Age=60")
                                    .contains("RefreshToken=R;path=/;Max-Age=604800");
                            return exchange.forwarded().toString();
                        });
        assertThat(outcome)
                .contains("cookie: BearerToken=AT; IdToken=IT")
                .contains("a body in two");
    }

    @Test
    void aRenewedSessionIsGoodForTheHostThatTheClientAskedFor() {
        FilterSetup rewritten =
                oauth2("true")
                        .behind(
                                "rewrite",
                                () ->
                                        new HttpFilter() {
                                            @Override
                                            public Step onRequestHeaders(
                                                    Headers headers,
                                                    boolean end,
                                                    FilterContext context) {
                                                headers.set(
                                                        HeaderName.AUTHORITY, "upstream.example");
                                                return Step.CONTINUE;
                                            }
                                        });
        try (FilterHarness harness = rewritten.open()) {
            Exchange first = harness.get("/p", from("RefreshToken=R", ":authority", "app.example"));
            harness.calls().only().answer(TOKENS);
            assertThat(first.forwarded().header(":authority")).isEqualTo("upstream.example");
            first.respond(200).responseEnd("fine");
            String cookies = cookiesOf(first);
            Exchange next = harness.get("/p", from(cookies, ":authority", "app.example"));
            assertThat(next.forwarded().ended()).isTrue();
            assertThat(harness.calls().made()).hasSize(1);
        }
    }

    /** What a client keeps of a response. */
    private static String cookiesOf(Exchange exchange) {
        return exchange.response()
                .toString()
                .lines()
                .filter(line -> line.startsWith("set-cookie: "))
                .map(line -> line.substring("set-cookie: ".length(), line.indexOf(';')))
                .collect(Collectors.joining("; "));
    }

    @Test
    void clientsAreSentBackToAllowedDomainsAlone() {
        FilterSetup setup = oauth2("false, allowed_redirect_domains: [\"*.app.example\"]");
        for (String url :
                List.of(
                        "http://evil.example/",
                        "http://evil.example\\\\@www.app.example/",
                        "http://evil.example\\\\.app.example/",
                        "http://a@evil.example@www.app.example/",
                        "http://evil.example#@www.app.example/")) {
            try (FilterHarness harness = setup.open()) {
                Exchange refused = harness.get(backFrom(url), from(FLOW));
                assertThat(refused.response().status()).as(url).isEqualTo(401);
                assertThat(harness.calls().made()).as(url).isEmpty();
            }
        }
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get(backFrom("http://www.app.example:80/p"), from(FLOW));
            harness.calls().only().answer(TOKENS);
            assertThat(exchange.response().header("location"))
                    .isEqualTo("http://www.app.example:80/p");
        }
    }

    /** The way of {@link #CALLBACK} with another URL in its state. */
    private static String backFrom(String jsonUrl) {
        String state =
                new String(Base64.getUrlDecoder().decode(STATE), StandardCharsets.ISO_8859_1)
                        .replace("http://app.example/p?q=1", jsonUrl);
        return "/callback?code=c&state="
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(state.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void whoCannotBeAskedIsNoSession() {
        try (FilterHarness harness = oauth2().open()) {
            harness.calls().answerAlways("idp", CallAnswer.failure(CallFailure.Kind.NO_HOST));
            Exchange login = harness.get(CALLBACK, from(FLOW));
            assertThat(login.response().status()).isEqualTo(401);
            assertThat(login.response().body()).isEqualTo("OAuth flow failed.");
            assertThat(login.details())
                    .isEqualTo(
                            "Failed_to_get_access_token:_response_code:_503,_response_body:"
                                    + "_no_healthy_upstream");
            Exchange renewal = harness.get("/p", from("RefreshToken=R"));
            assertThat(renewal.response().status()).isEqualTo(302);
            assertThat(harness.counter("http.test.oauth_refreshtoken_failure")).isEqualTo(1);
        }
    }

    @Test
    void whateverGoesNothingIsLeft() {
        oauth2("true")
                .everyDeparture(harness -> {
                    Exchange exchange =
                            harness.request("POST", "/p", from("RefreshToken=R"))
                                    .body("a body ")
                                    .end("in two");
                    harness.calls().last().answer(TOKENS);
                    exchange.respond(200).responseEnd("fine");
                });
    }

    @Test
    void whatEnvoyRefusesIsRefused() {
        assertThat(
                        oauth2(
                                        "true, forward_bearer_token: true, preserve_authorization_header: true")
                                .errors())
                .anyMatch(error -> error.contains("at most one of forward_bearer_token"));
        assertThat(oauth2("true, end_session_endpoint: \"https://idp/o\"").errors())
                .anyMatch(error -> error.contains("only supported for OpenID Connect"));
        assertThat(oauth2("true, forward_id_token: {header: \":path\"}").errors())
                .anyMatch(error -> error.contains("header ':path' can not be used"));
    }
}
