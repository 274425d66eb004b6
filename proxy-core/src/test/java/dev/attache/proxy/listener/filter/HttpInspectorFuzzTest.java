package dev.attache.proxy.listener.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.http.HttpCodecSniffer;
import dev.attache.proxy.listener.filter.HttpInspectorSpec.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the first bytes are: said once and kept, said within the limit, and never otherwise than the
 * codec that reads them next.
 */
@Tag("wire")
class HttpInspectorFuzzTest {

    static Stream<byte[]> beginnings() {
        return Stream.of(
                        "GET / HTTP/1.1\r\n",
                        "\r\n\r\nPOST /a?b HTTP/1.0\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4",
                        "PRI * HTTP/1.1\r\n",
                        "GET /\r\n",
                        "\u0016\u0003\u0001\u0002",
                        "CONNECT a:1 HTTP/1.2\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("beginnings")
    @FuzzTest
    void saysOnce(byte[] bytes) {
        ByteBuf all = Unpooled.wrappedBuffer(bytes);
        Kind kind = HttpInspectorSpec.detect(all);
        HttpCodecSniffer.Verdict codec = HttpCodecSniffer.sniff(all);
        assertThat(all.readerIndex()).isZero();
        for (int length = 0; length < bytes.length; length++) {
            ByteBuf part = all.slice(0, length);
            Kind soFar = HttpInspectorSpec.detect(part);
            if (soFar != Kind.NEED_MORE) {
                assertThat(soFar).isEqualTo(kind);
            }
            HttpCodecSniffer.Verdict verdict = HttpCodecSniffer.sniff(part);
            if (verdict != HttpCodecSniffer.Verdict.NEED_MORE) {
                assertThat(verdict).isEqualTo(codec);
            }
        }
        if (kind == Kind.H2C) {
            assertThat(codec).isEqualTo(HttpCodecSniffer.Verdict.HTTP2);
        }
        if (kind == Kind.HTTP_1_0 || kind == Kind.HTTP_1_1) {
            assertThat(codec).isEqualTo(HttpCodecSniffer.Verdict.HTTP1);
        }
        if (bytes.length >= HttpInspectorSpec.MAX_BYTES) {
            assertThat(kind).isNotEqualTo(Kind.NEED_MORE);
        }
    }
}
