package dev.attache.proxy.listener.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {

    /** What the JDK's client really sends. */
    static byte[] hello(String name, String... alpn) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        parameters.setApplicationProtocols(alpn);
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(32 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    /** The same handshake message in records of {@code size} bytes. */
    static byte[] fragmented(byte[] record, int size) {
        ByteBuf out = Unpooled.buffer();
        for (int at = 5; at < record.length; at += size) {
            int length = Math.min(size, record.length - at);
            out.writeBytes(record, 0, 3).writeShort(length).writeBytes(record, at, length);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static ClientHello read(byte[] bytes, int length) {
        return ClientHello.read(Unpooled.wrappedBuffer(bytes, 0, length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 16384})
    void is_found_exactly_with_its_last_byte_however_it_is_cut(int recordSize) throws Exception {
        byte[] bytes = fragmented(hello("WWW.Example.com", "h2", "http/1.1"), recordSize);
        for (int length = 1; length < bytes.length; length++) {
            assertThat(read(bytes, length).outcome()).isEqualTo(ClientHello.Outcome.NEED_MORE);
        }
        ClientHello hello = read(bytes, bytes.length);
        assertThat(hello.outcome()).isEqualTo(ClientHello.Outcome.FOUND);
        assertThat(hello.serverName()).isEqualTo("www.example.com");
        assertThat(hello.protocols()).containsExactly("h2", "http/1.1");
    }

    @Test
    void may_lack_both_names() throws Exception {
        byte[] bytes = hello(null);
        ClientHello hello = read(bytes, bytes.length);
        assertThat(hello.outcome()).isEqualTo(ClientHello.Outcome.FOUND);
        assertThat(hello.serverName()).isNull();
        assertThat(hello.protocols()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "\u0016\u0002", "\u0015\u0003\u0001", "\0"})
    void other_protocols_are_told_at_the_first_byte_that_shows_it(String start) {
        byte[] bytes = start.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(read(bytes, bytes.length).outcome()).isEqualTo(ClientHello.Outcome.NOT_TLS);
    }

    @Test
    void a_promise_of_too_much_is_refused_before_it_comes() {
        byte[] bytes = {22, 3, 1, 0x40, 0, 1, 0, 0x40, 1};
        assertThat(read(bytes, bytes.length).outcome()).isEqualTo(ClientHello.Outcome.TOO_LARGE);
    }

    @Test
    void too_many_tiny_records_are_refused() {
        ByteBuf bytes = Unpooled.buffer();
        for (byte b : new byte[] {1, 0, 0x20, 0}) {
            bytes.writeBytes(new byte[] {22, 3, 1, 0, 1, b});
        }
        while (bytes.readableBytes() < 17_000) {
            bytes.writeBytes(new byte[] {22, 3, 1, 0, 1, 0});
        }
        assertThat(ClientHello.read(bytes).outcome()).isEqualTo(ClientHello.Outcome.TOO_LARGE);
    }

    @Test
    void a_name_with_nul_or_a_broken_extension_is_not_tls() throws Exception {
        byte[] bytes = hello("abcdefgh.example");
        int at = indexOf(bytes, "abcdefgh");
        bytes[at] = 0;
        assertThat(read(bytes, bytes.length).outcome()).isEqualTo(ClientHello.Outcome.NOT_TLS);
        bytes[at] = 'a';
        bytes[at - 1] = 0x7f;
        assertThat(read(bytes, bytes.length).outcome()).isEqualTo(ClientHello.Outcome.NOT_TLS);
    }

    private static int indexOf(byte[] bytes, String text) {
        String all = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        return all.indexOf(text);
    }
}
