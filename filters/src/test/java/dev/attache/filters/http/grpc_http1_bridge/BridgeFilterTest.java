package dev.attache.filters.http.grpc_http1_bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.http.Protocol;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BridgeFilterTest {
    private static final String PATH = "/shop.Cart/Add";
    private static final String GRPC = "application/grpc";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String FRAME = "\0\0\0\0\5hello";

    private static FilterSetup bridge(String fields) {
        return BuiltinFilter.of("bridge", "grpc_http1_bridge.v3.Config", fields)
                .protocol(Protocol.HTTP11);
    }

    private static String answered(FilterHarness harness, String path, String type, String body) {
        Exchange exchange = harness.post(path, body, "content-type", type, "content-length", "5");
        exchange.respond(200, "content-type", GRPC);
        exchange.responseBody(FRAME);
        exchange.responseTrailers("grpc-status", "0", "grpc-message", "fine");
        return harness.outcome();
    }

    @Test
    void trailersAreToldByTheHead() {
        String outcome = bridge("{}").everyCut(h -> answered(h, PATH, GRPC, FRAME));
        assertThat(outcome)
                .contains("body: \\x00\\x00\\x00\\x00\\x05hello\ncomplete")
                .contains(":status: 200\n", "grpc-status: 0\n", "grpc-message: fine\n")
                .contains("content-length: 10\n");
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "00, 200", "5, 503", "'', 503", "x, 503", "-0, 503"})
    void anotherStatusThanZeroIs503(String grpc, String http) {
        try (FilterHarness harness = bridge("{}").open()) {
            Exchange exchange = harness.post(PATH, FRAME, "content-type", "application/grpc+proto");
            exchange.respond(200, "content-type", GRPC);
            exchange.responseTrailers("grpc-status", grpc);
            assertThat(exchange.response().header(":status")).isEqualTo(http);
            assertThat(exchange.response().header("grpc-status")).isEqualTo(grpc);
            assertThat(exchange.response().header("content-length")).isEqualTo("0");
        }
    }

    @Test
    void aMessageIsFramedAndItsAnswerBare() {
        String outcome =
                bridge("{upgrade_protobuf_to_grpc: true}")
                        .everyCut(h -> answered(h, PATH, PROTOBUF, "howdy"));
        assertThat(outcome)
                .contains("content-type: application/grpc\n")
                .contains("body: \\x00\\x00\\x00\\x00\\x05howdy\ncomplete")
                .contains("body: hello\n", "content-length: 5\n");
    }

    @Test
    void aMessageThatIsNotToBeUpgradedPasses() {
        String outcome = bridge("{}").everyCut(h -> answered(h, PATH, PROTOBUF, "howdy"));
        assertThat(outcome)
                .contains("content-type: application/x-protobuf\n", "body: howdy\n")
                .contains("body: \\x00\\x00\\x00\\x00\\x05hello\n");
    }

    @Test
    void trailersOfARequestComeBehindTheFrame() {
        try (FilterHarness harness = bridge("{upgrade_protobuf_to_grpc: true}").open()) {
            Exchange exchange = harness.request("POST", PATH, "content-type", PROTOBUF);
            exchange.body("how").body("dy").trailers("x-t", "1");
            assertThat(exchange.forwarded().body()).isEqualTo("\0\0\0\0\5howdy");
            assertThat(exchange.forwarded().trailer("x-t")).isEqualTo("1");
        }
    }

    @Test
    void theQueryIsLeftOutWhereTheFilterIsToldSo() {
        try (FilterHarness harness = bridge("{ignore_query_parameters: true}").open()) {
            Exchange grpc = harness.post(PATH + "?a=1?b", FRAME, "content-type", GRPC);
            assertThat(grpc.forwarded().header(":path")).isEqualTo(PATH);
            Exchange other = harness.post(PATH + "?a=1", "x", "content-type", "text/plain");
            assertThat(other.forwarded().header(":path")).isEqualTo(PATH + "?a=1");
        }
    }

    @Test
    void overHttp2ItIsGrpcAlready() {
        FilterSetup setup =
                bridge("{upgrade_protobuf_to_grpc: true, ignore_query_parameters: true}")
                        .protocol(Protocol.HTTP2);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post(PATH + "?a=1", FRAME, "content-type", GRPC);
            assertThat(exchange.forwarded().header(":path")).isEqualTo(PATH + "?a=1");
            exchange.respond(200, "content-type", GRPC);
            exchange.responseBody(FRAME).responseTrailers("grpc-status", "5");
            assertThat(exchange.response().header(":status")).isEqualTo("200");
            assertThat(exchange.response().trailer("grpc-status")).isEqualTo("5");
            // As in Envoy the type is another, and the message has no frame.
            Exchange message = harness.post(PATH, "howdy", "content-type", PROTOBUF);
            assertThat(message.forwarded().header("content-type")).isEqualTo(GRPC);
            assertThat(message.forwarded().body()).isEqualTo("howdy");
        }
    }

    @Test
    void aResponseWithoutTrailersGoesAsItIs() {
        String outcome =
                bridge("{}")
                        .everyCut(harness -> {
                            Exchange exchange = harness.post(PATH, FRAME, "content-type", GRPC);
                            exchange.respond(404, "content-length", "9");
                            exchange.responseEnd("not found");
                            return harness.outcome();
                        });
        assertThat(outcome).contains(":status: 404\n", "content-length: 9\n", "body: not found");
    }

    @Test
    void whatIsTooLongToWaitIsRefused() {
        FilterSetup setup = bridge("{upgrade_protobuf_to_grpc: true}").bufferLimit(8);
        try (FilterHarness harness = setup.open()) {
            Exchange request = harness.request("POST", PATH, "content-type", PROTOBUF);
            request.body("12345").body("67890");
            assertThat(request.response().status()).isEqualTo(413);
            Exchange response = harness.post(PATH, "x", "content-type", PROTOBUF);
            response.respond(200, "content-type", GRPC);
            response.responseBody("\0\0\0\0\u001412345").responseBody("67890");
            assertThat(response.details()).isEqualTo("response_payload_too_large");
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        bridge("{upgrade_protobuf_to_grpc: true}")
                .everyDeparture(harness -> {
                    Exchange exchange = harness.request("POST", PATH, "content-type", PROTOBUF);
                    exchange.body("how").end("dy");
                    exchange.respond(200, "content-type", GRPC);
                    exchange.responseBody(FRAME.substring(0, 7));
                    exchange.responseBody(FRAME.substring(7));
                    exchange.responseTrailers("grpc-status", "0");
                });
    }
}
