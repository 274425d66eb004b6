package dev.attache.iptables.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.1",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:0:2:0:3:0:4:0, 1:0:2:0:3:0:4:0",
        "1:0:0:2::, 1:0:0:2::",
        "fe80::, fe80::",
        "::ffff:1.2.3.4, ::ffff:1.2.3.4",
        "::127.0.0.53, ::7f00:35",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "fe80::1%eth0, fe80::1%eth0",
    })
    void printsInShortForm(String text, String expected) {
        assertThat(IpAddress.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                ":",
                ":::",
                "1:2",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "g::",
                "1:2:3:4:5:6:7:",
                "::1.2.3",
                "1.2.3.4::",
                "fe80::1%",
                "localhost",
                "1:2:3:4:5:6:7::8"
            })
    void refusesWhatIsNone(String text) {
        assertThat(IpAddress.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "127.9.9.9, true",
        "::1, true",
        "::ffff:127.0.0.1, true",
        "10.0.0.1, false",
        "::2, false"
    })
    void knowsLoopback(String text, boolean expected) {
        assertThat(address(text).isLoopback()).isEqualTo(expected);
    }

    @Test
    void unmapsOnlyMappedAddresses() {
        assertThat(address("::ffff:1.2.3.4").unmapped()).isEqualTo(address("1.2.3.4"));
        assertThat(address("::1").unmapped()).isEqualTo(address("::1"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/25, 10.1.2.127, true",
        "10.1.2.3/25, 10.1.2.128, false",
        "0.0.0.0/0, 1.2.3.4, true",
        "::/0, 1.2.3.4, false",
        "2001:db8::/33, 2001:db8:7fff::, true",
        "2001:db8::/33, 2001:db8:8000::, false",
    })
    void rangesContain(String range, String address, boolean expected) {
        Cidr cidr = Cidr.parse(range);
        assertThat(cidr).isNotNull();
        assertThat(cidr.contains(address(address))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/08",
                "10.0.0.0/+8",
                "::/129",
                "fe80::1%eth0/64",
                "/8",
                "x/8",
                "10.0.0.0/-1",
                "1.2.3.4/8/8"
            })
    void refusesRanges(String text) {
        assertThat(Cidr.parse(text)).isNull();
    }

    private static IpAddress address(String text) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address).as(text).isNotNull();
        return address;
    }
}
