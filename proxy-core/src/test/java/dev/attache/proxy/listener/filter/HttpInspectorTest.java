package dev.attache.proxy.listener.filter;

import static dev.attache.proxy.listener.filter.HttpInspectorSpec.Kind.NEED_MORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.listener.filter.HttpInspectorSpec.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpInspectorTest {

    private static Kind detect(String text) {
        return HttpInspectorSpec.detect(
                Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\n', HTTP_1_1",
        "'GET / HTTP/1.0\r\n', HTTP_1_0",
        "'POST http://a/b?c=d HTTP/1.1\n', HTTP_1_1",
        "'M-SEARCH * HTTP/1.1\r\n', HTTP_1_1",
        "'\r\n\r\nGET / HTTP/1.1\r\n', HTTP_1_1",
        "'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', H2C",
        "'PRIVATE / HTTP/1.1\r\n', HTTP_1_1",
    })
    void is_recognised_exactly_when_the_line_is_complete(String text, Kind kind) {
        for (int length = 0; length < text.length() - 1; length++) {
            assertThat(detect(text.substring(0, length))).as("%d", length).isEqualTo(NEED_MORE);
        }
        assertThat(detect(text)).isEqualTo(kind);
        assertThat(detect(text + "Host: a")).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001", "\0", "G\0", "GET  ", "GET /\t", "GET / HTTP/2",
                "GET / HTTP/1.2\r", "GET / HTTP/1.1x", "GET / FTP", "(a", " GET", "GET /\r\n",
                "PRI * HTTP/2.0\r\n\r\nXX", "SSH-2.0-x\r"
            })
    void anything_else_is_told_at_once(String text) {
        assertThat(detect(text)).isEqualTo(Kind.NOT_HTTP);
    }

    @Test
    void a_line_without_end_is_given_up() {
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeBytes("GET /".getBytes(StandardCharsets.US_ASCII));
        while (bytes.readableBytes() < HttpInspectorSpec.MAX_BYTES - 1) {
            bytes.writeByte('a');
        }
        assertThat(HttpInspectorSpec.detect(bytes)).isEqualTo(NEED_MORE);
        bytes.writeByte('a');
        assertThat(HttpInspectorSpec.detect(bytes)).isEqualTo(Kind.NOT_HTTP);
    }
}
