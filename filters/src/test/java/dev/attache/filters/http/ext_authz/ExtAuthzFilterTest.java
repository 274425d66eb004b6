package dev.attache.filters.http.ext_authz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import dev.attache.testkit.filter.SideCall;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The filter with a service that answers as the test says, over gRPC and over HTTP. */
final class ExtAuthzFilterTest {
    private static final String GRPC =
            "grpc_service: {envoy_grpc: {cluster_name: authz}, timeout: 0.2s}";
    private static final String HTTP =
            """
            http_service: {server_uri: {uri: "http://authz", cluster: authz, timeout: 0.2s},
              path_prefix: /check,
              authorization_response: {allowed_upstream_headers: {patterns: [{exact: x-user}]},
                allowed_client_headers: {patterns: [{exact: x-why}]}}}
            """;
    private static final int FRAME = 5;

    private static FilterSetup authz(String... fields) {
        return BuiltinFilter.of(
                "authz",
                "ext_authz.v3.ExtAuthz",
                "{transport_api_version: V3, " + String.join(", ", fields) + "}");
    }

    private static CallAnswer answer(CheckResponse response) {
        return CallAnswer.grpc(0, response.toByteArray());
    }

    private static CheckResponse ok(String... headers) {
        OkHttpResponse.Builder ok = OkHttpResponse.newBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            ok.addHeaders(option(headers[i], headers[i + 1]));
        }
        return CheckResponse.newBuilder()
                .setStatus(Status.getDefaultInstance())
                .setOkResponse(ok)
                .build();
    }

    private static CheckResponse denied(StatusCode status, String body) {
        return CheckResponse.newBuilder()
                .setStatus(Status.newBuilder().setCode(7))
                .setDeniedResponse(
                        DeniedHttpResponse.newBuilder()
                                .setStatus(HttpStatus.newBuilder().setCode(status))
                                .addHeaders(option("x-why", "not you"))
                                .setBody(body))
                .build();
    }

    private static HeaderValueOption.Builder option(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value));
    }

    private static CheckRequest asked(SideCall call) throws Exception {
        byte[] framed = call.request().bytes();
        return CheckRequest.parseFrom(Arrays.copyOfRange(framed, FRAME, framed.length));
    }

    @Test
    void aRequestWaitsForTheAnswerAndGoesOnChanged() throws Exception {
        try (FilterHarness harness = authz(GRPC).open()) {
            Exchange exchange = harness.post("/p?q=1", "body", "x-token", "t");
            assertThat(exchange.forwarded().began()).isFalse();
            SideCall call = harness.calls().only();
            assertThat(call.cluster()).isEqualTo("authz");
            assertThat(call.request().header(":path"))
                    .isEqualTo("/envoy.service.auth.v3.Authorization/Check");
            assertThat(call.timeoutMillis()).isEqualTo(200);
            var http = asked(call).getAttributes().getRequest().getHttp();
            assertThat(http.getMethod()).isEqualTo("POST");
            assertThat(http.getPath()).isEqualTo("/p?q=1");
            assertThat(http.getHeadersMap()).containsEntry("x-token", "t");
            assertThat(asked(call).getAttributes().getSource().getAddress().getSocketAddress())
                    .hasToString("address: \"192.0.2.1\"\nport_value: 40000\n");
            call.answer(answer(ok("x-user", "ann")));
            assertThat(exchange.forwarded().header("x-user")).isEqualTo("ann");
            assertThat(exchange.forwarded().body()).isEqualTo("body");
            assertThat(exchange.forwarded().ended()).isTrue();
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
            assertThat(harness.counter("http.test.ext_authz.ok")).isEqualTo(1);
            assertThat(harness.counter("cluster.upstream.ext_authz.ok")).isEqualTo(1);
        }
    }

    @Test
    void aBodyThatIsAskedAboutIsWholeHoweverItComes() {
        FilterSetup setup = authz(GRPC, "with_request_body: {max_request_bytes: 100}");
        String outcome =
                setup.everyCut(harness -> {
                    harness.calls().answerAlways("authz", answer(ok()));
                    Exchange exchange = harness.request("POST", "/").body("a body ");
                    assertThat(harness.calls().made()).isEmpty();
                    exchange.end("in two");
                    exchange.respond(200).responseEnd("fine");
                    try {
                        return asked(harness.calls().only())
                                        .getAttributes()
                                        .getRequest()
                                        .getHttp()
                                        .getBody()
                                + "\n"
                                + exchange;
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        assertThat(outcome).startsWith("a body in two\n").contains("body: a body in two\ncomplete");
    }

    @Test
    void ofALongBodyAPartIsAskedAbout() throws Exception {
        FilterSetup setup =
                authz(
                        GRPC,
                        "with_request_body: {max_request_bytes: 4, allow_partial_message: true}");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("012").body("345");
            var http = asked(harness.calls().only()).getAttributes().getRequest().getHttp();
            assertThat(http.getBody()).isEqualTo("0123");
            assertThat(http.getHeadersMap()).containsEntry("x-envoy-auth-partial-body", "true");
            exchange.body("678");
            harness.calls().last().answer(answer(ok()));
            exchange.end("9");
            assertThat(exchange.forwarded().body()).isEqualTo("0123456789");
            assertThat(exchange.forwarded().ended()).isTrue();
        }
        try (FilterHarness harness =
                authz(GRPC, "with_request_body: {max_request_bytes: 4}").open()) {
            Exchange exchange = harness.request("POST", "/").body("012").body("345");
            assertThat(exchange.response().status()).isEqualTo(413);
            assertThat(harness.calls().made()).isEmpty();
        }
    }

    @Test
    void aDenialIsTheAnswer() {
        FilterSetup setup = authz(GRPC);
        String outcome =
                setup.everyCut(harness -> {
                    harness.calls()
                            .answer("authz", answer(denied(StatusCode.Unauthorized, "who?")));
                    return harness.post("/", "body").toString();
                });
        assertThat(outcome)
                .contains(
                        "forwarded:\nnothing\n",
                        ":status: 401\nx-why: not you\n",
                        "body: who?\ncomplete",
                        "details: ext_authz_denied\nflags: UAEX");
    }

    @Test
    void noAnswerIsAnErrorOfWhichTheConfigurationSaysWhatItMeans() {
        try (FilterHarness harness = authz(GRPC, "status_on_error: {code: 503}").open()) {
            Exchange silent = harness.get("/");
            harness.advance(199);
            assertThat(silent.response().began()).isFalse();
            harness.advance(1);
            assertThat(silent.response().status()).isEqualTo(503);
            assertThat(silent.details()).isEqualTo("ext_authz_error");
            for (CallFailure.Kind kind : CallFailure.Kind.values()) {
                harness.calls().answer("authz", CallAnswer.failure(kind));
                assertThat(harness.get("/").response().status()).isEqualTo(503);
            }
            harness.calls().answer("authz", CallAnswer.grpc(13, null));
            assertThat(harness.get("/").response().status()).isEqualTo(503);
            assertThat(harness.counter("http.test.ext_authz.error"))
                    .isEqualTo(CallFailure.Kind.values().length + 2);
        }
        try (FilterHarness harness =
                authz(GRPC, "failure_mode_allow: true, failure_mode_allow_header_add: true")
                        .open()) {
            harness.calls().answer("authz", CallAnswer.failure(CallFailure.Kind.NO_HOST));
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().header("x-envoy-auth-failure-mode-allowed"))
                    .isEqualTo("true");
            assertThat(harness.counter("http.test.ext_authz.failure_mode_allowed")).isEqualTo(1);
        }
    }

    @Test
    void whatTheServiceSaysBesideBecomesMetadata() {
        try (FilterHarness harness = authz(GRPC).open()) {
            Struct said =
                    Struct.newBuilder()
                            .putFields("who", Value.newBuilder().setStringValue("me").build())
                            .build();
            harness.calls()
                    .answer("authz", answer(ok().toBuilder().setDynamicMetadata(said).build()));
            Exchange exchange = harness.get("/");
            assertThat(exchange.metadata("envoy.filters.http.ext_authz", "who"))
                    .isEqualTo(new MetadataValue.Text("me"));
        }
    }

    @Test
    void overHttpStatusAndHeadersAreTheAnswer() {
        try (FilterHarness harness = authz(HTTP).open()) {
            harness.calls()
                    .answer(
                            "authz",
                            CallAnswer.status(200, "x-user", "ann", "x-other", "1"),
                            CallAnswer.status(302, "location", "/login", "x-why", "unknown")
                                    .body("moved"),
                            CallAnswer.status(500));
            Exchange let = harness.get("/p", "authorization", "t");
            assertThat(let.forwarded().header("x-user")).isEqualTo("ann");
            assertThat(let.forwarded().header("x-other")).isNull();
            SideCall call = harness.calls().only();
            assertThat(call.request().header(":path")).isEqualTo("/check/p");
            assertThat(call.request().header("authorization")).isEqualTo("t");
            assertThat(call.request().header("content-length")).isEqualTo("0");
            Exchange refused = harness.get("/p");
            assertThat(refused.response().status()).isEqualTo(302);
            assertThat(refused.response().header("x-why")).isEqualTo("unknown");
            assertThat(refused.response().body()).isEqualTo("moved");
            assertThat(harness.get("/p").details()).isEqualTo("ext_authz_error");
        }
    }

    @Test
    void whatIsKeptIsNotAskedAgainUntilItIsOld() {
        FilterSetup setup =
                authz(
                        GRPC,
                        "filter_metadata: {attache.decision_cache:"
                                + " {key_headers: [authorization], ttl_ms: 1000}}");
        try (FilterHarness harness = setup.open()) {
            harness.calls().answerAlways("authz", answer(ok("x-user", "ann")));
            for (int i = 0; i < 3; i++) {
                Exchange exchange = harness.get("/", "authorization", "t");
                assertThat(exchange.forwarded().header("x-user")).isEqualTo("ann");
            }
            assertThat(harness.calls().made()).hasSize(1);
            harness.get("/", "authorization", "u");
            assertThat(harness.calls().made()).hasSize(2);
            harness.advance(1001);
            harness.get("/", "authorization", "t");
            assertThat(harness.calls().made()).hasSize(3);
        }
    }

    @Test
    void aRouteIsNotAskedAboutOrTellsMore() throws Exception {
        FilterSetup setup =
                authz(GRPC)
                        .override(
                                OverrideLevel.VIRTUAL_HOST,
                                perRoute(
                                        "{check_settings: {context_extensions: {a: host, b: host}}}"))
                        .override(
                                OverrideLevel.ROUTE,
                                perRoute("{check_settings: {context_extensions: {a: route}}}"));
        try (FilterHarness harness = setup.open()) {
            harness.get("/");
            assertThat(asked(harness.calls().only()).getAttributes().getContextExtensionsMap())
                    .containsOnly(Map.entry("a", "route"), Map.entry("b", "host"));
        }
        try (FilterHarness harness =
                setup.override(OverrideLevel.ROUTE, perRoute("{disabled: true}")).open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(harness.calls().made()).isEmpty();
        }
    }

    private static String perRoute(String fields) {
        return BuiltinFilter.typed("ext_authz.v3.ExtAuthzPerRoute", fields);
    }

    @Test
    void aQuestionEndsWithItsRequestWhoeverLeaves() {
        for (String body : new String[] {"", ", with_request_body: {max_request_bytes: 100}"}) {
            authz(GRPC + body)
                    .everyDeparture(harness -> {
                        Exchange exchange =
                                harness.request("POST", "/").body("a body ").end("in two");
                        harness.advance(10);
                        harness.calls().last().answer(answer(ok()));
                        exchange.respond(200).responseEnd("fine");
                    });
        }
        authz(HTTP)
                .everyDeparture(harness -> {
                    Exchange exchange = harness.post("/", "body");
                    harness.advance(250);
                    assertThat(exchange.response().status()).isEqualTo(403);
                });
    }
}
