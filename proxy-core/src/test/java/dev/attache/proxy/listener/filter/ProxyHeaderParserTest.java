package dev.attache.proxy.listener.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.listener.filter.ProxyHeaderParser.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };

    private static ByteBuf text(String value) {
        return Unpooled.copiedBuffer(value, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuf v2(int command, int family, int length, byte[] body) {
        return Unpooled.buffer()
                .writeBytes(SIGNATURE)
                .writeByte(command)
                .writeByte(family)
                .writeShort(length)
                .writeBytes(body);
    }

    @ParameterizedTest
    @CsvSource({
        "'PROXY TCP4 1.2.3.4 5.6.7.8 111 222\r\n', 1.2.3.4:111, 5.6.7.8:222",
        "'PROXY TCP6 1::2 3::4 111 65535\r\n', [1::2]:111, [3::4]:65535",
        "'PROXY UNKNOWN\r\n', ,",
        "'PROXY UNKNOWN whatever it says\r\n', ,",
    })
    void reads_version_1_with_its_last_byte(String header, String source, String destination) {
        for (int length = 0; length < header.length(); length++) {
            assertThat(new ProxyHeaderParser().read(text(header.substring(0, length))))
                    .isEqualTo(Result.NEED_MORE);
        }
        ProxyHeaderParser parser = new ProxyHeaderParser();
        assertThat(parser.read(text(header + "payload"))).isEqualTo(Result.FOUND);
        assertThat(parser.version()).isEqualTo(1);
        assertThat(parser.length()).isEqualTo(header.length());
        assertThat(parser.source() == null ? null : parser.source().toString()).isEqualTo(source);
        assertThat(parser.destination() == null ? null : parser.destination().toString())
                .isEqualTo(destination);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 222\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 111 65536\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
                "PROXY TCP4 1::2 3::4 1 2\r\n",
                "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
                "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
                "PROXY TCP4 localhost 5.6.7.8 1 2\r\n",
                "PROXY \r\n"
            })
    void refuses_malformed_version_1(String header) {
        assertThat(new ProxyHeaderParser().read(text(header))).isEqualTo(Result.MALFORMED);
    }

    @Test
    void version_1_has_107_bytes_at_most() {
        String long107 = "PROXY UNKNOWN " + "x".repeat(91) + "\r\n";
        assertThat(long107).hasSize(107);
        assertThat(new ProxyHeaderParser().read(text(long107))).isEqualTo(Result.FOUND);
        assertThat(new ProxyHeaderParser().read(text("PROXY UNKNOWN " + "x".repeat(93))))
                .isEqualTo(Result.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "P0", "\r\n\r\nX", "PROXX"})
    void tells_its_absence_at_the_first_other_byte(String start) {
        assertThat(new ProxyHeaderParser().read(text(start))).isEqualTo(Result.ABSENT);
    }

    @Test
    void reads_version_2_with_tlvs_byte_by_byte() {
        byte[] body = {
            1, 2, 3, 4, 5, 6, 7, 8, 0, 111, 0, (byte) 222, (byte) 0xea, 0, 2, 'h', 'i', 0x02, 0, 0
        };
        ByteBuf header = v2(0x21, 0x11, body.length, body);
        for (int length = 0; length < header.readableBytes(); length++) {
            assertThat(new ProxyHeaderParser().read(header.slice(0, length)))
                    .isEqualTo(Result.NEED_MORE);
        }
        ProxyHeaderParser parser = new ProxyHeaderParser();
        assertThat(parser.read(header)).isEqualTo(Result.FOUND);
        assertThat(parser.version()).isEqualTo(2);
        assertThat(parser.length()).isEqualTo(16 + body.length);
        assertThat(parser.source()).hasToString("1.2.3.4:111");
        assertThat(parser.destination()).hasToString("5.6.7.8:222");
        assertThat(parser.tlvs()).hasSize(2);
        assertThat(parser.tlvs().getFirst().type()).isEqualTo(0xea);
        assertThat(parser.tlvs().getFirst().value()).containsExactly('h', 'i');
    }

    @Test
    void version_2_local_keeps_the_addresses() {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        assertThat(parser.read(v2(0x20, 0, 0, new byte[0]))).isEqualTo(Result.FOUND);
        assertThat(parser.source()).isNull();
    }

    @Test
    void refuses_malformed_version_2() {
        assertThat(new ProxyHeaderParser().read(v2(0x31, 0x11, 0, new byte[0])))
                .isEqualTo(Result.MALFORMED);
        assertThat(new ProxyHeaderParser().read(v2(0x22, 0x11, 12, new byte[12])))
                .isEqualTo(Result.MALFORMED);
        assertThat(new ProxyHeaderParser().read(v2(0x21, 0x11, 4, new byte[4])))
                .isEqualTo(Result.MALFORMED);
        assertThat(new ProxyHeaderParser().read(v2(0x21, 0x12, 12, new byte[12])))
                .isEqualTo(Result.MALFORMED);
        byte[] shortTlv = new byte[14];
        assertThat(new ProxyHeaderParser().read(v2(0x21, 0x11, 14, shortTlv)))
                .isEqualTo(Result.MALFORMED);
    }
}
