package dev.attache.iptables.ebpf.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 6800000000000000000000000000ffff0a000000",
        "10.1.2.3/8, 6800000000000000000000000000ffff0a000000",
        "192.0.2.7, 8000000000000000000000000000ffffc0000207",
        "0.0.0.0/0, 6000000000000000000000000000ffff00000000",
        "fd00::/8, 08000000fd000000000000000000000000000000",
        "2001:db8::1, 8000000020010db8000000000000000000000001",
        "::/0, 0000000000000000000000000000000000000000",
    })
    void aBlockIsAKeyOfALongestPrefixMapInIpv6Form(String text, String key) {
        assertThat(HexFormat.of().formatHex(Cidr.parse(text).trieKey())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10/8", ""})
    void whatIsNoBlockIsRefusedWithTheText(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void masksAndWordsAreAsALittleEndianLoadHasThem() {
        Cidr block = Cidr.parse("10.32.0.0/12");
        assertThat(block.mask(3)).isEqualTo(0x0000f0ff);
        assertThat(block.word(3)).isEqualTo(0x0000200a);
        assertThat(block.mask(0)).isEqualTo(-1);
    }

    @Test
    void aHostOfTheBlockIsItsFirstButOne() {
        InetAddress otherwise = InetAddress.ofLiteral("192.0.2.1");
        assertThat(Cidr.parse("10.0.0.0/8").someHost(otherwise).getHostAddress())
                .isEqualTo("10.0.0.1");
        assertThat(Cidr.parse("10.0.0.4/32").someHost(otherwise).getHostAddress())
                .isEqualTo("10.0.0.4");
        assertThat(Cidr.parse("0.0.0.0/0").someHost(otherwise)).isEqualTo(otherwise);
    }

    @Test
    void loopbackAndLinkLocalAreNotGlobal() {
        assertThat(Cidr.parse("127.0.0.0/8").isGlobal()).isFalse();
        assertThat(Cidr.parse("fe80::1").isGlobal()).isFalse();
        assertThat(Cidr.parse("10.0.0.1").isGlobal()).isTrue();
        assertThat(Cidr.parse("127.0.0.5").isLoopback()).isTrue();
        assertThat(Cidr.parse("::1").isLoopback()).isTrue();
    }
}
