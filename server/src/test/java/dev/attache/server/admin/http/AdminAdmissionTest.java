package dev.attache.server.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminAdmissionTest {

    @Test
    void aLongQueryIsServedUpToTheLimitOfTheHead() {
        assertThat(statusOf("GET /stats?" + "a".repeat(50_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(200);
        assertThat(statusOf("GET /stats?" + "a".repeat(70_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .isEqualTo(431);
        assertThat(
                        statusOf(
                                "GET /stats?"
                                        + "a".repeat(40_000)
                                        + " HTTP/1.1\r\nHost: a\r\nb: "
                                        + "b".repeat(40_000)
                                        + "\r\n\r\n"))
                .isEqualTo(431);
        assertThat(statusOf("GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(100) + "\r\n"))
                .isEqualTo(431);
        assertThat(statusOf("GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(99) + "\r\n"))
                .isEqualTo(200);
    }

    @Test
    void whatIsNotAPlainRequestIsRefused() {
        assertThat(statusOf("GET / HTTP/1.0\r\nHost: a\r\n\r\n")).isEqualTo(426);
        assertThat(statusOf("GET / HTTP/1.1\r\n\r\n")).isEqualTo(400);
        assertThat(statusOf("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(400);
        assertThat(statusOf("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(404);
        assertThat(statusOf("BREW / HTTP/1.1\r\nHost: a\r\n\r\n")).isEqualTo(400);
        assertThat(
                        statusOf(
                                "POST /logging HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/2.0, 426",
        "GET / HTTP/1.2, 426",
        "GET /, 426",
        "GET / HTTP/11, 400",
        "GET ready HTTP/1.1, 400",
        "GET ?ready HTTP/1.1, 400",
        "GET /\u00e9 HTTP/1.1, 400",
        "GET /%00 HTTP/1.1, 400",
        "CONNECT /ready HTTP/1.1, 400",
        "GET * HTTP/1.1, 404",
        "GET /../ready HTTP/1.1, 200",
        "GET /%2e%2e/ready HTTP/1.1, 200"
    })
    void requestLines(String line, int status) {
        assertThat(statusOf(line + "\r\nHost: a\r\n\r\n")).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "transfer-encoding: gzip, 501",
        "'transfer-encoding: gzip, chunked', 501",
        "transfer-encoding: identity, 501",
        "'transfer-encoding:', 501",
        "transfer-encoding: Chunked, 200"
    })
    void transferCodings(String field, int status) {
        assertThat(statusOf("POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n0\r\n\r\n"))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"a b, 400", "a/b, 400", "a<b, 400", "\u00e9, 400", "a@b, 200", "'', 200"})
    void hosts(String host, int status) {
        assertThat(statusOf("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).isEqualTo(status);
    }

    @Test
    void pathsAreNormalised() {
        assertThat(AdminRequest.of("GET", "/a/..//ready?x=/../y").path()).isEqualTo("/ready");
        assertThat(AdminRequest.of("GET", "/%2e%2e/r%65ady").path()).isEqualTo("/ready");
    }

    /** 200 where nothing is refused. */
    private static int statusOf(String request) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new AdminRequestDecoder(), new HttpObjectAggregator(1 << 20));
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.ISO_8859_1));
        FullHttpRequest read = channel.readInbound();
        AdminAdmission.Refusal refusal = AdminAdmission.check(read);
        read.release();
        channel.finishAndReleaseAll();
        return refusal == null ? 200 : refusal.status().code();
    }
}
