package dev.attache.filters.http.ext_proc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import dev.attache.testkit.filter.SideCall;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The filter with a processor that answers as the test says. Longer than files here should be: each
 * of its modes is played on the same few lines of a processor.
 */
final class ExtProcFilterTest {
    private static final String SERVICE = "grpc_service: {envoy_grpc: {cluster_name: proc}}";

    private static FilterSetup proc(String... fields) {
        return BuiltinFilter.of(
                "proc",
                "ext_proc.v3.ExternalProcessor",
                "{" + SERVICE + ", " + String.join(", ", fields) + "}");
    }

    private static String mode(String fields) {
        return "processing_mode: {" + fields + "}";
    }

    /** What the processor has been sent so far. */
    private static List<ProcessingRequest> asked(SideCall call) {
        List<ProcessingRequest> asked = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(call.request().bytes());
        while (in.remaining() > 5) {
            in.get();
            byte[] message = new byte[in.getInt()];
            in.get(message);
            try {
                asked.add(ProcessingRequest.parseFrom(message));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
        return asked;
    }

    private static ProcessingRequest last(SideCall call) {
        return asked(call).getLast();
    }

    private static void say(SideCall call, ProcessingResponse.Builder answer) {
        call.message(answer.build().toByteArray());
    }

    private static ProcessingResponse.Builder answer() {
        return ProcessingResponse.newBuilder();
    }

    private static HeadersResponse head(CommonResponse.Builder common) {
        return HeadersResponse.newBuilder().setResponse(common).build();
    }

    private static BodyResponse body(String text) {
        return BodyResponse.newBuilder()
                .setResponse(
                        CommonResponse.newBuilder()
                                .setBodyMutation(
                                        BodyMutation.newBuilder()
                                                .setBody(ByteString.copyFromUtf8(text))))
                .build();
    }

    private static BodyResponse piece(String text, boolean end) {
        return BodyResponse.newBuilder()
                .setResponse(
                        CommonResponse.newBuilder()
                                .setBodyMutation(
                                        BodyMutation.newBuilder()
                                                .setStreamedResponse(
                                                        StreamedBodyResponse.newBuilder()
                                                                .setBody(
                                                                        ByteString.copyFromUtf8(
                                                                                text))
                                                                .setEndOfStream(end))))
                .build();
    }

    private static HeaderMutation.Builder set(String name, String value) {
        return HeaderMutation.newBuilder()
                .addSetHeaders(
                        HeaderValueOption.newBuilder()
                                .setHeader(
                                        HeaderValue.newBuilder()
                                                .setKey(name)
                                                .setRawValue(ByteString.copyFromUtf8(value))));
    }

    @Test
    void headsWaitForTheirAnswersAndGoOnChanged() {
        try (FilterHarness harness = proc().open()) {
            Exchange exchange = harness.post("/p", "body", "x-drop", "d");
            assertThat(exchange.forwarded().began()).isFalse();
            SideCall call = harness.calls().only();
            assertThat(call.request().header(":path"))
                    .isEqualTo("/envoy.service.ext_proc.v3.ExternalProcessor/Process");
            assertThat(last(call).getRequestHeaders().getEndOfStream()).isFalse();
            assertThat(last(call).hasProtocolConfig()).isTrue();
            say(
                    call,
                    answer().setRequestHeaders(
                                    head(
                                            CommonResponse.newBuilder()
                                                    .setHeaderMutation(
                                                            set("x-new", "1")
                                                                    .addRemoveHeaders("x-drop")))));
            assertThat(exchange.forwarded().header("x-new")).isEqualTo("1");
            assertThat(exchange.forwarded().header("x-drop")).isNull();
            assertThat(exchange.forwarded().body()).isEqualTo("body");
            exchange.respond(200, "x-up", "1");
            assertThat(exchange.response().began()).isFalse();
            say(call, answer().setResponseHeaders(head(CommonResponse.newBuilder())));
            exchange.responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
            assertThat(call.isOpen()).isFalse();
            assertThat(harness.counter("http.test.ext_proc.stream_msgs_sent")).isEqualTo(2);
            assertThat(harness.counter("http.test.ext_proc.stream_msgs_received")).isEqualTo(2);
            assertThat(harness.counter("http.test.ext_proc.streams_closed")).isEqualTo(1);
        }
    }

    /** Answers what has been asked, once, each body by its capitals. */
    private static final class Capitals {
        private int answered;

        void answerAll(SideCall call) {
            while (call.isOpen() && answered < asked(call).size()) {
                say(call, to(asked(call).get(answered++)));
            }
        }

        private static ProcessingResponse.Builder to(ProcessingRequest question) {
            ProcessingResponse.Builder answer = answer();
            return switch (question.getRequestCase()) {
                case REQUEST_HEADERS -> answer.setRequestHeaders(head(CommonResponse.newBuilder()));
                case RESPONSE_HEADERS ->
                        answer.setResponseHeaders(head(CommonResponse.newBuilder()));
                case REQUEST_BODY -> answer.setRequestBody(capitals(question.getRequestBody()));
                case RESPONSE_BODY -> answer.setResponseBody(capitals(question.getResponseBody()));
                case REQUEST_TRAILERS ->
                        answer.setRequestTrailers(TrailersResponse.getDefaultInstance());
                case RESPONSE_TRAILERS ->
                        answer.setResponseTrailers(TrailersResponse.getDefaultInstance());
                case REQUEST_NOT_SET -> throw new AssertionError("nothing is asked");
            };
        }
    }

    private static BodyResponse capitals(HttpBody asked) {
        return body(asked.getBody().toStringUtf8().toUpperCase(java.util.Locale.ROOT));
    }

    @Test
    void bodiesComeBackAsTheProcessorMakesThemHoweverTheyCome() {
        for (String body : new String[] {"BUFFERED", "STREAMED", "BUFFERED_PARTIAL"}) {
            FilterSetup setup =
                    proc(
                            mode(
                                    "request_body_mode: "
                                            + body
                                            + ", response_body_mode: "
                                            + body
                                            + ", request_trailer_mode: SEND"));
            String outcome =
                    setup.everyCut(harness -> {
                        Exchange exchange = harness.request("POST", "/").body("a body ");
                        SideCall call = harness.calls().only();
                        Capitals capitals = new Capitals();
                        capitals.answerAll(call);
                        exchange.body("in two").trailers("x-t", "1");
                        capitals.answerAll(call);
                        exchange.respond(200);
                        capitals.answerAll(call);
                        exchange.responseEnd("fine");
                        capitals.answerAll(call);
                        return exchange.toString();
                    });
            assertThat(outcome).as(body).contains("body: A BODY IN TWO", "body: FINE\ncomplete");
        }
    }

    @Test
    void aDuplexStreamIsTheProcessorsOwn() {
        FilterSetup setup =
                proc(
                        mode(
                                "request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND,"
                                        + " response_header_mode: SKIP"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/", "content-length", "6").body("012");
            SideCall call = harness.calls().only();
            exchange.body("345");
            assertThat(asked(call)).hasSize(3);
            assertThat(exchange.forwarded().began()).isFalse();
            say(call, answer().setRequestHeaders(head(CommonResponse.newBuilder())));
            assertThat(exchange.forwarded().header("content-length")).isNull();
            say(call, answer().setRequestBody(piece("one ", false)));
            assertThat(exchange.forwarded().body()).isEqualTo("one ");
            exchange.trailers("x-t", "1");
            say(call, answer().setRequestBody(piece("two", false)));
            assertThat(exchange.forwarded().ended()).isFalse();
            say(
                    call,
                    answer().setRequestTrailers(
                                    TrailersResponse.newBuilder()
                                            .setHeaderMutation(set("x-new", "1"))));
            assertThat(exchange.forwarded().body()).isEqualTo("one two");
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(call.isOpen()).isFalse();
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
        }
    }

    @Test
    void whatWaitsForAnswersIsBounded() {
        String big = "x".repeat(40_000);
        try (FilterHarness harness = proc(mode("request_body_mode: BUFFERED")).open()) {
            Exchange exchange = harness.request("POST", "/");
            for (int i = 0; i < 40 && !exchange.isOver(); i++) {
                exchange.body(big);
            }
            new Capitals().answerAll(harness.calls().only());
            assertThat(exchange.response().status()).isEqualTo(413);
        }
        for (String mode :
                new String[] {
                    "request_body_mode: STREAMED",
                    "request_body_mode: BUFFERED_PARTIAL",
                    "request_header_mode: SKIP, request_body_mode: STREAMED"
                }) {
            try (FilterHarness harness = proc("message_timeout: 10s", mode(mode)).open()) {
                Exchange exchange = harness.request("POST", "/");
                for (int i = 0; i < 40; i++) {
                    exchange.body(big);
                }
                assertThat(exchange.isClientHeld()).as(mode).isTrue();
                SideCall call = harness.calls().only();
                new Capitals().answerAll(call);
                assertThat(exchange.isClientHeld()).as(mode).isFalse();
                exchange.clientLeaves();
            }
        }
    }

    @Test
    void manySmallPiecesAreBoundedToo() {
        for (String body : new String[] {"STREAMED", "BUFFERED_PARTIAL"}) {
            FilterSetup setup = proc(mode("request_body_mode: " + body)).bufferLimit(10_000);
            try (FilterHarness harness = setup.open()) {
                Exchange exchange = harness.request("POST", "/");
                SideCall call = harness.calls().only();
                Capitals capitals = new Capitals();
                capitals.answerAll(call);
                for (int i = 0; i < 600; i++) {
                    exchange.body("x");
                }
                assertThat(exchange.isClientHeld()).as(body).isTrue();
                capitals.answerAll(call);
                assertThat(exchange.isClientHeld()).as(body).isFalse();
                exchange.end("y");
                capitals.answerAll(call);
                assertThat(exchange.forwarded().body())
                        .as(body)
                        .hasSize(601)
                        .startsWith("XXX")
                        .endsWithIgnoringCase("xy");
            }
        }
    }

    @Test
    void aRequestGoesOnInOrderWhoseResponseComesEarly() {
        for (String response : new String[] {"SEND", "SKIP"}) {
            FilterSetup setup =
                    proc(mode("request_body_mode: STREAMED, response_header_mode: " + response));
            try (FilterHarness harness = setup.open()) {
                Exchange exchange = harness.request("POST", "/");
                SideCall call = harness.calls().only();
                say(call, answer().setRequestHeaders(head(CommonResponse.newBuilder())));
                exchange.body("one").respond(200);
                if (response.equals("SEND")) {
                    say(call, answer().setResponseHeaders(head(CommonResponse.newBuilder())));
                }
                assertThat(exchange.response().began()).as(response).isTrue();
                assertThat(call.isOpen()).as(response).isTrue();
                exchange.end("two");
                assertThat(exchange.forwarded().body()).as(response).isEmpty();
                say(call, answer().setRequestBody(body("ONE ")));
                say(call, answer().setRequestBody(body("TWO")));
                assertThat(exchange.forwarded().body()).as(response).isEqualTo("ONE TWO");
                assertThat(exchange.forwarded().ended()).as(response).isTrue();
                assertThat(call.isOpen()).as(response).isFalse();
                exchange.responseEnd("fine");
                assertThat(exchange.response().body()).as(response).isEqualTo("fine");
            }
        }
    }

    @Test
    void whoIsGivenUpForAnAnswerThatNobodyAskedForIsNotAskedAgain() {
        FilterSetup setup =
                proc("failure_mode_allow: true")
                        .behind(
                                "answers",
                                () ->
                                        new HttpFilter() {
                                            @Override
                                            public Step onRequestHeaders(
                                                    Headers headers,
                                                    boolean end,
                                                    FilterContext context) {
                                                return context.respond(
                                                        LocalReply.of(200, "fine", "answered"));
                                            }
                                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            say(harness.calls().only(), answer().setRequestBody(body("x")));
            assertThat(exchange.response().body()).isEqualTo("fine");
            assertThat(harness.calls().made()).hasSize(1);
            assertThat(harness.counter("http.test.ext_proc.streams_started")).isEqualTo(1);
        }
    }

    @Test
    void aProcessorWaitsForWhoReadsSlowly() {
        FilterSetup setup =
                proc(
                        mode(
                                "request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND,"
                                        + " response_header_mode: SKIP"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("012");
            SideCall call = harness.calls().only();
            say(call, answer().setRequestHeaders(head(CommonResponse.newBuilder())));
            say(call, answer().setRequestBody(piece("one ", false)));
            exchange.upstreamReadsSlowly(true);
            assertThat(call.isHeld()).isTrue();
            assertThat(exchange.isClientHeld()).isTrue();
            exchange.upstreamReadsSlowly(false);
            assertThat(call.isHeld()).isFalse();
            assertThat(exchange.isClientHeld()).isFalse();
            exchange.clientLeaves();
        }
        FilterSetup ofResponses =
                proc(
                        mode(
                                "response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode:"
                                        + " SEND, request_header_mode: SKIP"));
        try (FilterHarness harness = ofResponses.open()) {
            Exchange exchange = harness.get("/").respond(200).responseBody("012");
            SideCall call = harness.calls().only();
            say(call, answer().setResponseHeaders(head(CommonResponse.newBuilder())));
            say(call, answer().setResponseBody(piece("one ", false)));
            exchange.clientReadsSlowly(true);
            assertThat(call.isHeld()).isTrue();
            assertThat(exchange.isUpstreamHeld()).isTrue();
            exchange.clientReadsSlowly(false);
            assertThat(call.isHeld()).isFalse();
            exchange.clientLeaves();
        }
    }

    @Test
    void anImmediateResponseIsTheAnswer() {
        try (FilterHarness harness = proc().open()) {
            Exchange exchange = harness.get("/");
            say(
                    harness.calls().only(),
                    answer().setImmediateResponse(
                                    ImmediateResponse.newBuilder()
                                            .setStatus(
                                                    HttpStatus.newBuilder()
                                                            .setCode(StatusCode.Forbidden))
                                            .setHeaders(set("x-why", "no"))
                                            .setBody(ByteString.copyFromUtf8("stop"))
                                            .setDetails("said so")));
            assertThat(exchange.response().status()).isEqualTo(403);
            assertThat(exchange.response().header("x-why")).isEqualTo("no");
            assertThat(exchange.response().body()).isEqualTo("stop");
            assertThat(exchange.details()).isEqualTo("said_so");
            assertThat(harness.calls().only().isCancelled()).isTrue();
        }
    }

    @Test
    void noAnswerInTimeIsAnErrorUnlessMoreTimeIsAskedFor() {
        FilterSetup setup = proc("message_timeout: 0.1s", "max_message_timeout: 1s");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            harness.advance(99);
            say(
                    harness.calls().only(),
                    answer().setOverrideMessageTimeout(
                                    Duration.newBuilder().setNanos(500_000_000)));
            harness.advance(499);
            assertThat(exchange.response().began()).isFalse();
            harness.advance(2);
            assertThat(exchange.response().status()).isEqualTo(504);
            assertThat(exchange.details()).isEqualTo("ext_proc_error_per-message_timeout_exceeded");
        }
        try (FilterHarness harness = proc("failure_mode_allow: true").open()) {
            Exchange exchange = harness.post("/", "body");
            harness.advance(201);
            assertThat(exchange.forwarded().body()).isEqualTo("body");
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
            assertThat(harness.calls().made()).hasSize(1);
        }
    }

    @Test
    void whereTheProcessorFailsTheConfigurationSaysWhatThatMeans() {
        for (CallFailure.Kind kind : CallFailure.Kind.values()) {
            try (FilterHarness harness = proc("status_on_error: {code: 503}").open()) {
                Exchange exchange = harness.get("/");
                harness.calls().only().answer(CallAnswer.failure(kind));
                assertThat(exchange.response().status()).isEqualTo(503);
                assertThat(exchange.details()).startsWith("ext_proc_error_gRPC_error_");
            }
            try (FilterHarness harness = proc("failure_mode_allow: true").open()) {
                Exchange exchange = harness.post("/", "body");
                harness.calls().only().answer(CallAnswer.failure(kind));
                assertThat(exchange.forwarded().body()).isEqualTo("body");
                exchange.respond(200).responseEnd("fine");
                assertThat(exchange.response().body()).isEqualTo("fine");
            }
        }
    }

    @Test
    void aBodyThatTheProcessorHasIsNotLetGoWithoutIt() {
        FilterSetup setup =
                proc(
                        "failure_mode_allow: true",
                        mode(
                                "request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post("/", "body");
            harness.calls().only().answer(CallAnswer.failure(CallFailure.Kind.RESET));
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.forwarded().began()).isFalse();
        }
    }

    @Test
    void anAnswerThatNobodyAskedForIsAnError() {
        try (FilterHarness harness = proc().open()) {
            Exchange exchange = harness.get("/");
            say(harness.calls().only(), answer().setRequestBody(body("x")));
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).isEqualTo("spurious_message");
            assertThat(harness.counter("http.test.ext_proc.spurious_msgs_received")).isEqualTo(1);
        }
        try (FilterHarness harness = proc("allow_mode_override: true").open()) {
            Exchange exchange = harness.get("/");
            say(
                    harness.calls().only(),
                    answer().setModeOverride(
                                    io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3
                                            .ProcessingMode.newBuilder()));
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).isEqualTo("unhandled_message");
        }
        try (FilterHarness harness = proc().open()) {
            Exchange exchange = harness.get("/");
            harness.calls().only().message(new byte[] {(byte) 0xff, 1});
            assertThat(exchange.response().status()).isEqualTo(500);
            assertThat(exchange.details()).startsWith("ext_proc_error_gRPC_error_13");
        }
    }

    @Test
    void whatIsOnlyObservedDoesNotWait() {
        FilterSetup setup =
                proc(
                        "observability_mode: true, deferred_close_timeout: 1s",
                        mode("request_body_mode: STREAMED"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post("/", "body");
            exchange.respond(200).responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
            SideCall call = harness.calls().only();
            assertThat(call.isOpen()).isTrue();
            assertThat(asked(call)).hasSizeGreaterThanOrEqualTo(3);
            assertThat(asked(call)).allMatch(ProcessingRequest::getObservabilityMode);
            harness.advance(1001);
            assertThat(call.isOpen()).isFalse();
        }
    }

    @Test
    void aRouteSaysOtherwise() {
        FilterSetup setup = proc();
        try (FilterHarness harness =
                setup.override(OverrideLevel.ROUTE, perRoute("{disabled: true}")).open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
            assertThat(harness.calls().made()).isEmpty();
        }
        FilterSetup both =
                proc().override(
                                OverrideLevel.VIRTUAL_HOST,
                                perRoute(
                                        "{overrides: {grpc_initial_metadata: [{key: x-a, value: host},"
                                                + " {key: x-b, value: host}]}}"))
                        .override(
                                OverrideLevel.ROUTE,
                                perRoute(
                                        "{overrides: {grpc_initial_metadata: [{key: x-a, value: route}],"
                                                + " grpc_service: {envoy_grpc: {cluster_name: else}}}}"));
        try (FilterHarness harness = both.open()) {
            harness.get("/").clientLeaves();
            SideCall call = harness.calls().only();
            assertThat(call.cluster()).isEqualTo("else");
            assertThat(call.request().header("x-a")).isEqualTo("route");
            assertThat(call.request().header("x-b")).isEqualTo("host");
        }
    }

    private static String perRoute(String fields) {
        return BuiltinFilter.typed("ext_proc.v3.ExtProcPerRoute", fields);
    }

    @Test
    void whoeverLeavesNothingIsLeftBehind() {
        for (String mode :
                new String[] {
                    "request_body_mode: BUFFERED, response_body_mode: BUFFERED",
                    "request_body_mode: STREAMED, response_body_mode: STREAMED",
                    "request_body_mode: BUFFERED_PARTIAL, response_body_mode: BUFFERED_PARTIAL"
                }) {
            proc(mode(mode))
                    .everyDeparture(harness -> {
                        Exchange exchange = harness.request("POST", "/").body("a body ");
                        SideCall call = harness.calls().only();
                        Capitals capitals = new Capitals();
                        capitals.answerAll(call);
                        exchange.end("in two");
                        capitals.answerAll(call);
                        exchange.respond(200);
                        capitals.answerAll(call);
                        exchange.responseEnd("fine");
                        capitals.answerAll(call);
                    });
        }
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThat(
                        proc("http_service: {http_service: {http_uri: {uri: a, cluster: a, timeout: 1s}}}")
                                .errors())
                .anyMatch(e ->
                        e.contains(
                                "One and only one of grpc_service or http_service must be configured"));
        assertThat(proc("disable_clear_route_cache: true, route_cache_action: CLEAR").errors())
                .anyMatch(e -> e.contains("can not be set to none-default at the same time"));
        assertThat(proc(mode("request_body_mode: FULL_DUPLEX_STREAMED")).errors())
                .anyMatch(e -> e.contains("request_trailer_mode has to be set to SEND"));
        assertThat(proc("request_attributes: ['a +']").errors())
                .anyMatch(e -> e.contains("Unable to parse descriptor expression"));
    }
}
