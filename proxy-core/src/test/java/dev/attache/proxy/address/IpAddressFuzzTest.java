package dev.attache.proxy.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Literals: what is taken, the JDK takes too and reads alike; what is printed, we read. */
class IpAddressFuzzTest {

    static Stream<byte[]> literals() {
        return Stream.of(
                        "1.2.3.4",
                        "01.2.3.4",
                        "::",
                        "::ffff:1.2.3.4",
                        "1:2:3:4:5:6:7:8",
                        "fe80::1%2",
                        "1::2::3",
                        "256.1.1.1",
                        "1:2:3:4:5:6:7::",
                        "::1.2.3.4")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("literals")
    @FuzzTest
    void readsAsOthersDo(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        if (!IpAddress.isLiteral(text)) {
            return;
        }
        IpAddress read = IpAddress.parse(text, 80);
        String plain = text.indexOf('%') < 0 ? text : text.substring(0, text.indexOf('%'));
        byte[] ours = read.ip().getAddress();
        byte[] others = InetAddress.ofLiteral(plain).getAddress();
        int cut = ours.length - others.length;
        // It takes an IPv4-mapped address for the IPv4 address in it.
        assertThat(cut == 0 || plain.contains(":")).isTrue();
        assertThat(Arrays.copyOfRange(ours, cut, ours.length)).isEqualTo(others);
        assertThat(IpAddress.parse(read.host(), 80)).isEqualTo(read);
    }
}
