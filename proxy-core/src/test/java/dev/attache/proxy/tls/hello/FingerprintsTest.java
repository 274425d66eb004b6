package dev.attache.proxy.tls.hello;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** JA3 and JA4, counted out by hand for hellos made here. */
class FingerprintsTest {

    private static final int GREASE = 0x2a2a;

    private final ByteBuf extensions = Unpooled.buffer();

    private Fingerprints of(int version, int... suites) {
        ByteBuf body = Unpooled.buffer();
        body.writeShort(version).writeZero(32).writeByte(0).writeShort(2 * suites.length);
        for (int suite : suites) {
            body.writeShort(suite);
        }
        body.writeByte(1).writeByte(0);
        if (extensions.isReadable()) {
            body.writeShort(extensions.readableBytes()).writeBytes(extensions);
        }
        byte[] bytes = new byte[body.readableBytes()];
        body.readBytes(bytes);
        return Fingerprints.of(bytes);
    }

    private void extension(int type, String hex) {
        byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
        extensions.writeShort(type).writeShort(body.length).writeBytes(body);
    }

    private static String hash(String algorithm, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private static String shortened(String text) throws Exception {
        return hash("SHA-256", text).substring(0, 12);
    }

    @Test
    void greaseCountsNowhereButAmongTheGroupsOfJa3() throws Exception {
        extension(GREASE, "");
        extension(0, "0004 00 0001 61");
        extension(10, "0006 2a2a 001d 0017");
        extension(11, "01 00");
        extension(13, "0004 0804 0401");
        extension(16, "0003 02 6832");
        extension(43, "06 2a2a 0304 0303");
        Fingerprints both = of(0x0303, GREASE, 0x1301, 0xc02f);
        assertThat(both.ja3())
                .isEqualTo(hash("MD5", "771,4865-49199,0-10-11-13-16-43,10794-29-23,0"));
        assertThat(both.ja4())
                .isEqualTo(
                        "t13d0206h2_"
                                + shortened("1301,c02f")
                                + "_"
                                + shortened("000a,000b,000d,002b_0804,0401"));
    }

    @Test
    void whatIsNotOfferedIsZeros() {
        assertThat(of(0x0302).ja4()).isEqualTo("t11i000000_000000000000_000000000000");
        assertThat(of(0x0304, 1).ja4()).startsWith("t13i010000_");
    }

    @Test
    void aProtocolWithOtherCharactersIsShownByHalvesOfItsOctets() {
        extension(16, "0004 03 2d782d");
        assertThat(of(0x0303, 1).ja4()).startsWith("t12i01012d_");
    }

    @Test
    void sortsNumbersNotTexts() throws Exception {
        extension(23, "");
        extension(5, "");
        Fingerprints unsorted = of(0x0301, 0x00ff, 0x000a);
        assertThat(unsorted.ja3()).isEqualTo(hash("MD5", "769,255-10,23-5,,"));
        assertThat(unsorted.ja4())
                .isEqualTo("t10i020200_" + shortened("000a,00ff") + "_" + shortened("0005,0017"));
    }
}
