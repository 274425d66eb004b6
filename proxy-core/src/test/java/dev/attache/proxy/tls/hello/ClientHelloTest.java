package dev.attache.proxy.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.tls.secret.EcdsaCurves;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the TLS inspector and the choice of a certificate read from a ClientHello. */
class ClientHelloTest {

    private static final String[] ENABLED = {"ECDHE-ECDSA-AES128-GCM-SHA256"};

    private static ByteBuf records(byte[] body, int recordLength) {
        ByteBuf message = Unpooled.buffer();
        message.writeByte(1).writeMedium(body.length).writeBytes(body);
        ByteBuf out = Unpooled.buffer();
        while (message.isReadable()) {
            int length = Math.min(recordLength, message.readableBytes());
            out.writeByte(22).writeShort(0x0301).writeShort(length);
            out.writeBytes(message, length);
        }
        return out;
    }

    private static byte[] hello(int[] suites, byte[]... extensions) {
        ByteBuf body = Unpooled.buffer();
        body.writeShort(0x0303).writeZero(32).writeByte(0);
        body.writeShort(2 * suites.length);
        for (int suite : suites) {
            body.writeShort(suite);
        }
        body.writeByte(1).writeByte(0);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] extension : extensions) {
            all.writeBytes(extension);
        }
        body.writeShort(all.size()).writeBytes(all.toByteArray());
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        return bytes;
    }

    private static byte[] list(int type, int... numbers) {
        ByteBuf extension = Unpooled.buffer();
        extension.writeShort(type).writeShort(2 * numbers.length + 2);
        extension.writeShort(2 * numbers.length);
        for (int number : numbers) {
            extension.writeShort(number);
        }
        byte[] bytes = new byte[extension.readableBytes()];
        extension.readBytes(bytes);
        return bytes;
    }

    private static byte[] padding(int length) {
        byte[] bytes = new byte[length + 4];
        bytes[1] = 21;
        bytes[2] = (byte) (length >> 8);
        bytes[3] = (byte) length;
        return bytes;
    }

    private static final byte[] VERSIONS = {0, 43, 0, 3, 2, 3, 4};

    private static int curves(int[] suites, byte[]... extensions) {
        ClientHello hello = ClientHello.read(records(hello(suites, extensions), 16_000));
        assertThat(hello.outcome()).isEqualTo(ClientHello.Outcome.FOUND);
        return EcdsaCurves.of(hello, TlsVersion.TLS_1_3, () -> ENABLED);
    }

    @Test
    void of_a_server_name_only_letters_of_ascii_are_made_small() {
        byte[] name = "Caf\u00c9.\u00dcX".getBytes(StandardCharsets.ISO_8859_1);
        ByteBuf extension = Unpooled.buffer();
        extension.writeShort(0).writeShort(name.length + 5).writeShort(name.length + 3);
        extension.writeByte(0).writeShort(name.length).writeBytes(name);
        byte[] bytes = new byte[extension.readableBytes()];
        extension.readBytes(bytes);

        ClientHello hello = ClientHello.read(records(hello(new int[] {0x1301}, bytes), 16_000));

        assertThat(hello.serverName()).isEqualTo("caf\u00c9.\u00dcx");
    }

    @Test
    void a_client_of_tls_1_3_says_by_its_signatures_what_it_takes() {
        int[] suites = {0x1301};
        assertThat(curves(suites, VERSIONS, list(13, 0x0403, 0x0804))).isEqualTo(EcdsaCurves.P256);
        assertThat(curves(suites, VERSIONS, list(13, 0x0503, 0x0603)))
                .isEqualTo(EcdsaCurves.P384 | EcdsaCurves.P521);
        assertThat(curves(suites, VERSIONS, list(13, 0x0804))).isEqualTo(EcdsaCurves.NONE);
        assertThat(curves(suites, VERSIONS, list(10, 23))).isEqualTo(EcdsaCurves.NONE);
    }

    @Test
    void an_older_client_needs_a_curve_and_a_suite_that_we_have() {
        byte[] groups = list(10, 29, 23);
        assertThat(curves(new int[] {0xc02b}, groups)).isEqualTo(EcdsaCurves.P256);
        assertThat(curves(new int[] {0xc02f}, groups)).isEqualTo(EcdsaCurves.NONE);
        assertThat(curves(new int[] {0xc02c}, groups)).isEqualTo(EcdsaCurves.NONE);
        assertThat(curves(new int[] {0xc02b}, list(10, 29))).isEqualTo(EcdsaCurves.NONE);
        assertThat(curves(new int[] {0xc02b})).isEqualTo(EcdsaCurves.NONE);
    }

    @Test
    void is_found_however_it_is_cut_and_only_when_it_is_whole() {
        ByteBuf whole = records(hello(new int[] {0x1301}, padding(300)), 7);
        for (int length = 0; length < whole.readableBytes(); length++) {
            assertThat(ClientHello.read(whole.slice(0, length)).outcome())
                    .isEqualTo(ClientHello.Outcome.NEED_MORE);
        }
        ClientHello found = ClientHello.read(whole.writeBytes(new byte[9]));
        assertThat(found.outcome()).isEqualTo(ClientHello.Outcome.FOUND);
        assertThat(found.bytesRead()).isEqualTo(whole.readableBytes() - 9);
    }

    @Test
    void more_than_16_kib_is_not_tls_or_too_large() {
        ClientHello declared = ClientHello.read(records(hello(new int[0], padding(17_000)), 9000));
        assertThat(declared.outcome()).isEqualTo(ClientHello.Outcome.NOT_TLS);
        assertThat(declared.problem()).endsWith("EXCESSIVE_MESSAGE_SIZE");

        // With its record headers it is over the limit, without them it is not.
        ClientHello cut = ClientHello.read(records(hello(new int[0], padding(16_300)), 1000));
        assertThat(cut.outcome()).isEqualTo(ClientHello.Outcome.TOO_LARGE);
    }

    @Test
    void five_bytes_tell_what_is_no_record() {
        assertThat(text("GET ").outcome()).isEqualTo(ClientHello.Outcome.NEED_MORE);
        assertThat(text("GET /").problem())
                .isEqualTo("error:1000009c:SSL routines:OPENSSL_internal:HTTP_REQUEST");
        assertThat(text("hello").problem()).endsWith(":WRONG_VERSION_NUMBER");
        assertThat(text("\u0017\u0003\u0001\u0000\u0001").outcome())
                .isEqualTo(ClientHello.Outcome.NEED_MORE);
        assertThat(text("\u0017\u0003\u0001\u0000\u0001x").problem())
                .endsWith(":UNEXPECTED_RECORD");
    }

    private static ClientHello text(String bytes) {
        return ClientHello.read(
                Unpooled.copiedBuffer(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
    }
}
