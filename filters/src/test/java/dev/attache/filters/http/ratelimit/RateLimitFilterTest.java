package dev.attache.filters.http.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
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
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The filter with a service that answers as the test says. */
final class RateLimitFilterTest {
    private static final String SERVICE =
            "domain: mesh, rate_limit_service: {transport_api_version: V3,"
                    + " grpc_service: {envoy_grpc: {cluster_name: limits}}}";
    private static final String OWN =
            "rate_limits: [{actions: [{request_headers: {header_name: x-user, descriptor_key:"
                    + " user}}]}]";
    private static final int FRAME = 5;

    private static FilterSetup limit(String... fields) {
        return BuiltinFilter.of(
                "limit", "ratelimit.v3.RateLimit", "{" + String.join(", ", fields) + "}");
    }

    private static CallAnswer answer(RateLimitResponse.Builder response) {
        return CallAnswer.grpc(0, response.build().toByteArray());
    }

    private static RateLimitResponse.Builder of(Code code) {
        return RateLimitResponse.newBuilder().setOverallCode(code);
    }

    private static RateLimitRequest asked(SideCall call) throws Exception {
        byte[] framed = call.request().bytes();
        return RateLimitRequest.parseFrom(Arrays.copyOfRange(framed, FRAME, framed.length));
    }

    private static HeaderValue header(String name, String value) {
        return HeaderValue.newBuilder().setKey(name).setValue(value).build();
    }

    @Test
    void aRequestWaitsForTheAnswerAndGoesOnWithWhatItAdds() throws Exception {
        try (FilterHarness harness = limit(SERVICE, OWN).open()) {
            Exchange exchange = harness.post("/", "body", "x-user", "ann");
            assertThat(exchange.forwarded().began()).isFalse();
            SideCall call = harness.calls().only();
            assertThat(call.cluster()).isEqualTo("limits");
            assertThat(call.timeoutMillis()).isEqualTo(20);
            assertThat(call.request().header(":path"))
                    .isEqualTo("/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit");
            assertThat(asked(call))
                    .hasToString(
                            """
                            domain: "mesh"
                            descriptors {
                              entries {
                                key: "user"
                                value: "ann"
                              }
                            }
                            """);
            call.answer(
                    answer(
                            of(Code.OK)
                                    .addRequestHeadersToAdd(header("X-Limit", "not yet"))
                                    .addResponseHeadersToAdd(header("X-Told", "fine"))
                                    .setDynamicMetadata(
                                            Struct.newBuilder()
                                                    .putFields(
                                                            "left",
                                                            Value.newBuilder()
                                                                    .setStringValue("many")
                                                                    .build()))));
            assertThat(exchange.forwarded().header("x-limit")).isEqualTo("not yet");
            assertThat(exchange.forwarded().body()).isEqualTo("body");
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().header("x-told")).isEqualTo("fine");
            assertThat(exchange.metadata("envoy.filters.http.ratelimit", "left"))
                    .isEqualTo(new MetadataValue.Text("many"));
            assertThat(harness.counter("cluster.upstream.ratelimit.ok")).isEqualTo(1);
        }
    }

    @Test
    void whatIsTooMuchIsAnswered() {
        try (FilterHarness harness =
                limit(
                                SERVICE,
                                OWN,
                                "stat_prefix: mine, enable_retry_after_header: true,"
                                        + " enable_x_ratelimit_headers: DRAFT_VERSION_03,"
                                        + " response_headers_to_add: [{header: {key: x-flags,"
                                        + " value: \"%RESPONSE_FLAGS%\"}}]")
                        .open()) {
            DescriptorStatus.Builder status =
                    DescriptorStatus.newBuilder()
                            .setCode(Code.OVER_LIMIT)
                            .setDurationUntilReset(Duration.newBuilder().setSeconds(7));
            status.getCurrentLimitBuilder()
                    .setRequestsPerUnit(10)
                    .setUnit(Unit.HOUR)
                    .setName("users");
            harness.calls()
                    .answerAlways(
                            "limits",
                            answer(
                                    of(Code.OVER_LIMIT)
                                            .addStatuses(status)
                                            .setRawBody(ByteString.copyFromUtf8("enough"))));
            Exchange exchange = harness.get("/", "x-user", "ann");
            assertThat(exchange.forwarded().began()).isFalse();
            assertThat(exchange.response().status()).isEqualTo(429);
            assertThat(exchange.response().body()).isEqualTo("enough");
            assertThat(exchange.response().header("x-envoy-ratelimited")).isEqualTo("true");
            assertThat(exchange.response().header("x-ratelimit-limit"))
                    .isEqualTo("10, 10;w=3600;name=\"users\"");
            assertThat(exchange.response().header("x-ratelimit-remaining")).isEqualTo("0");
            assertThat(exchange.response().header("x-ratelimit-reset")).isEqualTo("7");
            assertThat(exchange.response().header("retry-after")).isEqualTo("7");
            assertThat(exchange.response().header("x-flags")).isEqualTo("RL");
            assertThat(exchange.details()).isEqualTo("request_rate_limited");
            assertThat(harness.stats())
                    .containsAllEntriesOf(
                            Map.of(
                                    "cluster.upstream.ratelimit.mine.over_limit", 1L,
                                    "cluster.upstream.upstream_rq_429", 1L,
                                    "cluster.upstream.internal.upstream_rq_429", 1L));
        }
    }

    @Test
    void aServiceThatCannotBeAskedLetsThroughUnlessItMayNot() {
        CallAnswer failure = CallAnswer.failure(CallFailure.Kind.RESET);
        try (FilterHarness harness = limit(SERVICE, OWN).open()) {
            harness.calls().answerAlways("limits", failure);
            Exchange exchange = harness.get("/", "x-user", "ann").respondEmpty(200);
            assertThat(exchange.response().status()).isEqualTo(200);
            assertThat(harness.counter("cluster.upstream.ratelimit.error")).isEqualTo(1);
            assertThat(harness.counter("cluster.upstream.ratelimit.failure_mode_allowed"))
                    .isEqualTo(1);
        }
        String deny = "failure_mode_deny: true, status_on_error: {code: BadGateway}";
        try (FilterHarness harness = limit(SERVICE, OWN, deny).open()) {
            harness.calls().answerAlways("limits", failure);
            Exchange exchange = harness.get("/", "x-user", "ann");
            assertThat(exchange.response().status()).isEqualTo(502);
            assertThat(exchange.details()).isEqualTo("rate_limiter_error");
            assertThat(exchange.flags()).isEqualTo("RLSE");
        }
    }

    @Test
    void whatCountsAtTheEndIsToldThenAndNobodyWaits() throws Exception {
        String policies =
                "rate_limits: [{apply_on_stream_done: true, hits_addend: {format:"
                        + " \"%BYTES_SENT%\"}, actions: [{generic_key: {descriptor_value: bytes}}]}]";
        try (FilterHarness harness = limit(SERVICE, policies).open()) {
            Exchange exchange = harness.get("/");
            assertThat(harness.calls().made()).isEmpty();
            exchange.respond(200).responseEnd("four");
            assertThat(exchange.isOver()).isTrue();
            SideCall call = harness.calls().only();
            assertThat(asked(call).getDescriptors(0).getHitsAddend().getValue()).isEqualTo(4);
            call.answer(answer(of(Code.OVER_LIMIT)));
            assertThat(exchange.response().status()).isEqualTo(200);
        }
    }

    @Test
    void aRouteHasADomainAndLimitsOfItsOwn() throws Exception {
        FilterSetup setup =
                limit(SERVICE, OWN)
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        "ratelimit.v3.RateLimitPerRoute",
                                        "{domain: other, rate_limits: [{limit: {rate_limit:"
                                                + " {requests_per_unit: 3, unit: DAY}}, actions:"
                                                + " [{generic_key: {descriptor_value: r}}]}]}"));
        try (FilterHarness harness = setup.open()) {
            harness.get("/");
            assertThat(asked(harness.calls().only()))
                    .hasToString(
                            """
                            domain: "other"
                            descriptors {
                              entries {
                                key: "generic_key"
                                value: "r"
                              }
                              limit {
                                requests_per_unit: 3
                                unit: DAY
                              }
                            }
                            """);
        }
    }

    @Test
    void withoutADescriptorNothingIsAsked() {
        try (FilterHarness harness = limit(SERVICE, OWN).open()) {
            assertThat(harness.get("/").respondEmpty(204).response().status()).isEqualTo(204);
            assertThat(harness.calls().made()).isEmpty();
        }
        try (FilterHarness harness = limit(SERVICE, OWN, "request_type: internal").open()) {
            harness.get("/", "x-user", "ann").respondEmpty(204);
            assertThat(harness.calls().made()).isEmpty();
        }
    }

    @Test
    void theQuestionEndsWithItsRequestWhoeverLeaves() {
        limit(SERVICE, OWN)
                .everyDeparture(harness -> {
                    Exchange exchange =
                            harness.request("POST", "/", "x-user", "ann").body("one").end("two");
                    harness.advance(10);
                    harness.calls().last().answer(answer(of(Code.OK)));
                    exchange.respond(200).responseEnd("fine");
                });
    }

    @Test
    void refusedSettingsAreNamed() {
        String stage = "rate_limits: [{stage: 1, actions: [{source_cluster: {}}]}]";
        assertThat(limit(SERVICE, stage).errors())
                .singleElement()
                .asString()
                .contains("'stage' field and 'disable_key' field are not supported");
        assertThat(limit(SERVICE.replace("V3", "V2")).errors())
                .singleElement()
                .asString()
                .contains("rate_limit_service.transport_api_version");
    }
}
