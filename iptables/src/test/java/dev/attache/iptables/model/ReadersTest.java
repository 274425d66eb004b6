package dev.attache.iptables.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.FakeHost;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rule as it is written and as the kernel's tools print it back must read the same. */
class ReadersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-p tcp --dport 15008 -j RETURN | -p tcp -m tcp --dport 15008 -j RETURN",
                "-o lo ! -d 127.0.0.1/32 -p tcp -m multiport ! --dports 53,15008 -m owner --uid-owner"
                        + " 3 -j ISTIO_IN_REDIRECT | ! -d 127.0.0.1/32 -o lo -p tcp -m multiport !"
                        + " --dports 53,15008 -m owner --uid-owner 3 -j ISTIO_IN_REDIRECT",
                "-p udp --dport 53 -j REDIRECT --to-port 15053 | -p udp -m udp --dport 53 -j REDIRECT"
                        + " --to-ports 15053",
                "-j MARK --set-mark 1337 | -j MARK --set-xmark 0x539/0xffffffff",
                "-p tcp -m mark --mark 1337 -j CONNMARK --save-mark | -p tcp -m mark --mark 0x539 -j"
                        + " CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff",
                "-p tcp -m connmark --mark 1337 -j CONNMARK --restore-mark | -p tcp -m connmark --mark"
                        + " 0x539 -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff",
                "! -d 127.0.0.1/32 -p tcp -j TPROXY --tproxy-mark 1337/0xffffffff --on-port 15006 | !"
                        + " -d 127.0.0.1/32 -p tcp -j TPROXY --on-port 15006 --on-ip 0.0.0.0"
                        + " --tproxy-mark 0x539/0xffffffff",
                "-m conntrack --ctstate RELATED,ESTABLISHED -j ISTIO_DIVERT | -m conntrack --ctstate"
                        + " ESTABLISHED,RELATED -j ISTIO_DIVERT",
                "-d 10.1.2.3/8 -j RETURN | -d 10.0.0.0/8 -j RETURN",
                "-d 2001:db8::1/128 -j RETURN | -d 2001:db8::1 -j RETURN",
                "-p udp --sport 53 -j CT --zone 1 | -p udp -m udp --sport 53 -j CT --zone 1",
            })
    void iptablesSpellingsAreEqual(String written, String saved) {
        ReadRule one = IptablesReader.read("nat", "C", written, FakeHost.v4());
        ReadRule other = IptablesReader.read("nat", "C", saved, FakeHost.v4());
        assertThat(one.understood()).isTrue();
        assertThat(one.sameAs(other)).as(one + " / " + other).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-p tcp --dport 80 -j RETURN | -p tcp --dport 81 -j RETURN",
                "-p tcp --dport 80 -j RETURN | -p tcp ! --dport 80 -j RETURN",
                "-p tcp --dport 80 -j RETURN | -p udp --dport 80 -j RETURN",
                "-p tcp --dport 80 -j RETURN | -p tcp --sport 80 -j RETURN",
                "-m owner --uid-owner 1 -j RETURN | -m owner --gid-owner 1 -j RETURN",
                "-m mark --mark 1 -j RETURN | -m connmark --mark 1 -j RETURN",
                "-i lo -j RETURN | -o lo -j RETURN",
                "-j RETURN | -j ACCEPT",
                "-j REDIRECT --to-ports 1 | -j REDIRECT --to-ports 2",
            })
    void differentIptablesRulesDiffer(String one, String other) {
        assertThat(
                        IptablesReader.read("nat", "C", one, FakeHost.v4())
                                .sameAs(IptablesReader.read("nat", "C", other, FakeHost.v4())))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "meta l4proto tcp tcp dport 15008 counter return | tcp dport 15008 counter packets 4"
                        + " bytes 240 return",
                "oifname lo meta l4proto tcp ip daddr != 127.0.0.1/32 tcp dport != { 53, 15008 } skuid"
                        + " 3 counter jump x | oifname \"lo\" ip daddr != 127.0.0.1 tcp dport != {"
                        + " 53, 15008 } meta skuid 3 counter packets 0 bytes 0 jump x",
                "meta l4proto tcp ip daddr != 127.0.0.1/32 tproxy ip to :15006 meta mark set 1337"
                        + " counter accept | meta l4proto tcp ip daddr != 127.0.0.1 tproxy ip to"
                        + " :15006 meta mark set 0x00000539 counter packets 0 bytes 0 accept",
                "meta l4proto tcp mark 1337 counter ct mark set mark | meta l4proto tcp meta mark"
                        + " 0x00000539 counter ct mark set meta mark",
                "meta l4proto tcp ct mark 1337 counter meta mark set ct mark | meta l4proto tcp ct mark"
                        + " 0x00000539 counter meta mark set ct mark",
                "meta l4proto tcp ct state related,established counter jump d | meta l4proto tcp ct"
                        + " state established,related counter jump d",
                "udp dport 53 meta skuid 1 counter ct zone set 1 | udp dport 53 meta skuid 1 counter ct"
                        + " zone set 1",
                "counter meta mark set 1337 | counter packets 0 bytes 0 meta mark set 0x00000539",
            })
    void nftablesSpellingsAreEqual(String written, String listed) {
        ReadRule one = NftReader.read("t", "c", written, FakeHost.v4());
        ReadRule other = NftReader.read("t", "c", listed, FakeHost.v4());
        assertThat(one.understood()).isTrue();
        assertThat(one.sameAs(other)).as(one + " / " + other).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-m recent --name x -j RETURN",
                "-j LOG --log-prefix x",
                "-p tcp --dport http -j RETURN"
            })
    void whatIsUnknownIsSaidToBe(String text) {
        assertThat(IptablesReader.read("nat", "C", text, FakeHost.v4()).understood()).isFalse();
    }
}
