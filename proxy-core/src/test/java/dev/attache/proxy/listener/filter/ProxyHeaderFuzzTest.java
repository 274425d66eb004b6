package dev.attache.proxy.listener.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.filter.ProxyHeaderParser.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PROXY protocol of both versions: what has been decided does not change with what follows, nothing
 * is decided on bytes that are not there, nothing is consumed, and what was found can be written
 * down and found again.
 */
@Tag("wire")
class ProxyHeaderFuzzTest {

    private static final String V2 = "\r\n\r\n\0\r\nQUIT\n";

    static Stream<byte[]> headers() {
        return Stream.of(
                        "PROXY TCP4 1.2.3.4 5.6.7.8 1 65535\r\nGET",
                        "PROXY TCP6 ::1 1:2:3:4:5:6:7:8 1 2\r\n",
                        "PROXY UNKNOWN whatever\r\n",
                        "PROXY TCP4 256.1.1.1 1.1.1.1 99999 1\r\n",
                        V2 + "\u0021\u0011\0\u000c\1\2\3\4\5\6\7\b\0\1\0\2x",
                        V2 + "\u0021\u0011\0\u0010\1\1\1\1\2\2\2\2\0\1\0\2\4\0\1x",
                        V2 + "\u0020\0\0\0",
                        V2 + "\u0021\u0021\0\u0024" + "a".repeat(36),
                        V2 + "\u0021\u0031\0\u00d8" + "/a\0".repeat(72))
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("headers")
    @FuzzTest
    void decidesOnce(byte[] bytes) {
        ByteBuf all = Unpooled.buffer(bytes.length + 3).writeZero(3).writeBytes(bytes);
        all.readerIndex(3);
        ProxyHeaderParser whole = new ProxyHeaderParser();
        Result result = whole.read(all);
        assertThat(all.readerIndex()).isEqualTo(3);
        String outcome = describe(whole, result);
        int needed = bytes.length;
        for (int length = 0; length < bytes.length; length++) {
            ProxyHeaderParser part = new ProxyHeaderParser();
            Result soFar = part.read(all.slice(3, length));
            if (soFar != Result.NEED_MORE) {
                assertThat(describe(part, soFar)).isEqualTo(outcome);
                needed = Math.min(needed, length);
            }
        }
        if (result == Result.FOUND) {
            assertThat(whole.length()).isEqualTo(needed);
            if (whole.source() instanceof IpAddress from
                    && whole.destination() instanceof IpAddress to) {
                ProxyHeaderParser read = new ProxyHeaderParser();
                String line = "PROXY " + (from.isV6() ? "TCP6" : "TCP4") + " " + line(from, to);
                assertThat(read.read(Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII)))
                        .isEqualTo(Result.FOUND);
                assertThat(read.source()).isEqualTo(from);
                assertThat(read.destination()).isEqualTo(to);
            }
        }
    }

    private static String line(IpAddress from, IpAddress to) {
        return from.host() + " " + to.host() + " " + from.port() + " " + to.port() + "\r\n";
    }

    private static String describe(ProxyHeaderParser parser, Result result) {
        return result == Result.FOUND
                ? "found %d %d %s %s %s"
                        .formatted(
                                parser.version(),
                                parser.length(),
                                parser.source(),
                                parser.destination(),
                                parser.tlvs().stream()
                                        .map(tlv -> tlv.type() + "=" + Arrays.toString(tlv.value()))
                                        .toList())
                : result.toString();
    }
}
