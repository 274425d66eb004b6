package dev.attache.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

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
