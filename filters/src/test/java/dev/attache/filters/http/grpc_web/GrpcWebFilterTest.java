package dev.attache.filters.http.grpc_web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrpcWebFilterTest {
    private static final String PATH = "/shop.Cart/Add";
    private static final String WEB = "application/grpc-web";
    private static final String TEXT = "application/grpc-web-text";

    /** Two messages in their frames. */
    private static final String MESSAGES = frame(0, "hello") + frame(0, "");

    private static FilterSetup web() {
        return BuiltinFilter.of("web", "grpc_web.v3.GrpcWeb", "{}");
    }

    private static String frame(int flags, String content) {
        return "" + (char) flags + "\0\0\0" + (char) content.length() + content;
    }

    private static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** As a client reads it: each group of four by itself, as padding may stand within. */
    private static String decoded(String text) {
        StringBuilder octets = new StringBuilder();
        for (int at = 0; at + 4 <= text.length(); at += 4) {
            byte[] group = Base64.getDecoder().decode(text.substring(at, at + 4));
            octets.append(new String(group, StandardCharsets.ISO_8859_1));
        }
        return octets.toString();
    }

    @Test
    void binaryMessagesPassAndTrailersBecomeAFrame() {
        String outcome =
                web().everyCut(harness -> {
                    Exchange exchange =
                            harness.post(
                                    PATH, MESSAGES, "content-type", WEB, "content-length", "15");
                    exchange.respond(200, "content-type", "application/grpc");
                    exchange.responseBody(MESSAGES);
                    exchange.responseTrailers("grpc-status", "0", "grpc-message", "fine");
                    return harness.outcome();
                });
        String messages = "\\x00\\x00\\x00\\x00\\x05hello\\x00\\x00\\x00\\x00\\x00";
        String trailers = "\\x80\\x00\\x00\\x00\"grpc-status:0\\x0d\ngrpc-message:fine\\x0d\n";
        assertThat(outcome)
                .contains("content-type: application/grpc\n", "te: trailers\n")
                .contains("grpc-accept-encoding: identity\nbody: " + messages + "\ncomplete")
                .contains("content-type: application/grpc-web+proto\n")
                .contains("body: " + messages + trailers + "\ncomplete")
                .contains(
                        "cluster.upstream.grpc-web.shop.Cart.Add.0: 1\n",
                        "cluster.upstream.grpc-web.shop.Cart.Add.success: 1\n",
                        "cluster.upstream.grpc-web.shop.Cart.Add.total: 1\n")
                .doesNotContain("content-length");
    }

    @Test
    void textIsBase64InBothDirectionsWhereverItIsCut() {
        String outcome =
                web().everyCut(harness -> {
                    Exchange exchange =
                            harness.post(
                                    PATH, base64(MESSAGES), "content-type", TEXT, "accept", TEXT);
                    exchange.respond(200, "content-type", "application/grpc");
                    exchange.responseBody(MESSAGES);
                    exchange.responseTrailers("grpc-status", "5");
                    assertThat(exchange.forwarded().body()).isEqualTo(MESSAGES);
                    assertThat(decoded(exchange.response().body()))
                            .isEqualTo(MESSAGES + frame(0x80, "grpc-status:5\r\n"));
                    return exchange.response().head().toString();
                });
        assertThat(outcome).contains("content-type: application/grpc-web-text+proto\n");
    }

    /** As in Envoy it matters there where a body is cut: what comes together is one text. */
    @Test
    void paddingEndsAPiece() {
        try (FilterHarness harness = web().open()) {
            Exchange apart = harness.request("POST", PATH, "content-type", TEXT);
            apart.body(base64(frame(0, "hello"))).end(base64(frame(0, "")));
            assertThat(apart.forwarded().body()).isEqualTo(MESSAGES);
            Exchange together =
                    harness.post(
                            PATH,
                            base64(frame(0, "hello")) + base64(frame(0, "")),
                            "content-type",
                            TEXT);
            assertThat(together.details()).isEqualTo("grpc_base_64_decode_failed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AAAAAAA, grpc_base_64_decode_failed_bad_size",
        "AA!AAAAA, grpc_base_64_decode_failed"
    })
    void textThatIsNoneIsRefused(String text, String details) {
        String outcome =
                web().everyCut(harness -> {
                    Exchange exchange = harness.post(PATH, text, "content-type", TEXT);
                    return exchange.response() + exchange.details();
                });
        assertThat(outcome)
                .contains(
                        ":status: 400\n",
                        "grpc-message: Bad gRPC-web request, invalid base64 data.\n",
                        "grpc-status: 13\n")
                .endsWith("complete" + details);
    }

    @Test
    void aResponseThatIsNotGrpcBecomesAStatus() {
        String outcome =
                web().everyCut(harness -> {
                    Exchange exchange = harness.post(PATH, MESSAGES, "content-type", WEB);
                    exchange.respond(503, "content-length", "9");
                    exchange.responseEnd("try later");
                    return harness.outcome();
                });
        assertThat(outcome)
                .contains(
                        ":status: 503\n",
                        "content-type: application/grpc-web+proto\n",
                        "grpc-message: try later\n",
                        "grpc-status: 14\n",
                        "content-length: 0\ncomplete");
    }

    @Test
    void aLocalReplyIsOneForTheBrowserToo() {
        FilterSetup setup =
                web().behind(
                                BuiltinFilter.of(
                                        "fault",
                                        "fault.v3.HTTPFault",
                                        "{abort: {http_status: 403, percentage: {numerator: 100}}}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post(PATH, MESSAGES, "content-type", WEB);
            assertThat(exchange.response().header("grpc-status")).isEqualTo("7");
            assertThat(exchange.response().header("content-type"))
                    .isEqualTo("application/grpc-web+proto");
            assertThat(exchange.response().ended()).isTrue();
        }
    }

    @Test
    void otherRequestsPassUnseen() {
        try (FilterHarness harness = web().open()) {
            Exchange exchange =
                    harness.post(PATH, MESSAGES, "content-type", "application/grpc-web; a=b");
            assertThat(exchange.forwarded().body()).isEqualTo(MESSAGES);
            exchange.respond(200).responseBody("plain").responseTrailers("x-t", "1");
            assertThat(exchange.response().body()).isEqualTo("plain");
            assertThat(exchange.response().trailer("x-t")).isEqualTo("1");
            assertThat(harness.stats()).isEmpty();
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        web().everyDeparture(harness -> {
            Exchange exchange = harness.request("POST", PATH, "content-type", TEXT, "accept", TEXT);
            exchange.body("AAAA").body("AA").end("UE");
            exchange.respond(200, "content-type", "application/grpc");
            exchange.responseBody(frame(0, "hello").substring(0, 7));
            exchange.responseBody("llo");
            exchange.responseTrailers("grpc-status", "0");
        });
        web().everyDeparture(harness ->
                harness.post(PATH, MESSAGES, "content-type", WEB)
                        .respond(500)
                        .responseBody("what a ")
                        .responseBody("pity")
                        .responseTrailers("x-t", "1"));
    }
}
