package dev.attache.proxy.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.tls.hello.ClientHello.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A ClientHello says the same however it comes in: what has been decided does not change with what
 * follows, and records of another size change nothing about names and protocols.
 */
@Tag("wire")
class ClientHelloFuzzTest {

    private static final int MAX_BYTES = 16 * 1024;

    static Stream<byte[]> hellos() {
        String random = "00".repeat(32);
        String name = "0000000f000d00000a" + hex("o_.80_.v1.");
        String alpn = "0010000b000902" + hex("h2") + "06" + hex("http/1");
        String groups = "000a00040002001d";
        return Stream.of(
                        hello("0303" + random + "00" + "00021301" + "0100", name + alpn + groups),
                        hello("0301" + random + "00" + "0002c02b" + "0100", ""),
                        "16030100050100000100",
                        "1603010004010000ff",
                        "474554202f20485454502f312e310d0a",
                        "1503010002022a")
                .map(HexFormat.of()::parseHex);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hello(String head, String extensions) {
        String body = head + "%04x".formatted(extensions.length() / 2) + extensions;
        String message = "01" + "%06x".formatted(body.length() / 2) + body;
        return "160301" + "%04x".formatted(message.length() / 2) + message;
    }

    @MethodSource("hellos")
    @FuzzTest
    void saysTheSameHoweverItComes(byte[] bytes) {
        ByteBuf all = Unpooled.wrappedBuffer(bytes);
        ClientHello whole = ClientHello.read(all);
        assertThat(all.readerIndex()).isZero();
        assertThat(whole.bytesRead()).isLessThanOrEqualTo(Math.min(bytes.length, MAX_BYTES));
        for (int length = 0; length < Math.min(bytes.length, 600); length++) {
            ClientHello soFar = ClientHello.read(all.slice(0, length));
            if (soFar.outcome() != Outcome.NEED_MORE) {
                assertThat(describe(soFar)).isEqualTo(describe(whole));
            }
        }
        if (whole.outcome() == Outcome.FOUND) {
            assertThat(whole.serverName() == null ? "" : whole.serverName())
                    .doesNotContain("\0")
                    .hasSizeLessThanOrEqualTo(255);
            assertThat(whole.protocols()).doesNotContain("");
            ClientHello cut = ClientHello.read(Unpooled.wrappedBuffer(recut(bytes, whole)));
            if (cut.outcome() != Outcome.TOO_LARGE && cut.outcome() != Outcome.NEED_MORE) {
                assertThat(names(cut)).isEqualTo(names(whole));
            }
        }
    }

    /** The same message in records of seven bytes. */
    private static byte[] recut(byte[] bytes, ClientHello hello) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int at = 0;
        while (at < hello.bytesRead()) {
            int length = (bytes[at + 3] & 0xff) << 8 | bytes[at + 4] & 0xff;
            message.write(bytes, at + 5, length);
            at += 5 + length;
        }
        byte[] content = message.toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < content.length; i += 7) {
            int length = Math.min(7, content.length - i);
            out.writeBytes(new byte[] {22, 3, 1, 0, (byte) length});
            out.write(content, i, length);
        }
        return out.toByteArray();
    }

    private static String names(ClientHello hello) {
        return hello.outcome()
                + " "
                + hello.serverName()
                + " "
                + hello.protocols()
                + " "
                + hello.version()
                + " "
                + hello.namesVersions();
    }

    private static String describe(ClientHello hello) {
        return names(hello) + " " + hello.bytesRead() + " " + hello.problem();
    }
}
