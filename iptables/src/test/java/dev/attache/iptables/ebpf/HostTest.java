package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.ebpf.program.Cidr;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read of a host, on samples of /proc. */
class HostTest {
    private static final String TRIE =
            """
            Main:
              +-- 0.0.0.0/0 3 0 5
                 |-- 0.0.0.0
                    /0 universe UNICAST
                 +-- 10.77.0.0/24 2 0 2
                    |-- 10.77.0.0
                       /24 link UNICAST
                    |-- 10.77.0.2
                       /32 host LOCAL
                    |-- 10.77.0.255
                       /32 link BROADCAST
                 +-- 127.0.0.0/8 2 0 2
                    |-- 127.0.0.0
                       /8 host LOCAL
            """;

    private static Host host(String... addresses) {
        Set<Cidr> blocks = new LinkedHashSet<>();
        for (String address : addresses) {
            blocks.add(Cidr.parse(address));
        }
        return new Host(1, blocks, Map.of("eth0", 2), Map.of());
    }

    @Test
    void localAddressesOfIpv4AreThoseOfTheTrie() {
        assertThat(Host.ipv4(TRIE))
                .containsExactly(Cidr.parse("10.77.0.2/32"), Cidr.parse("127.0.0.0/8"));
    }

    @Test
    void addressesOfIpv6LeadTheLines() {
        String table =
                """
                00000000000000000000000000000001 01 80 10 80       lo
                fd770000000000000000000000000002 02 40 00 80     eth0
                """;
        assertThat(Host.ipv6(table)).containsExactly(Cidr.parse("::1"), Cidr.parse("fd77::2"));
    }

    @Test
    void ipv6IsInterceptedByTheRuleOfIstioIptables() {
        assertThat(host("127.0.0.0/8", "10.0.0.2", "fd77::2").ipv6(false)).isFalse();
        assertThat(host("127.0.0.0/8", "10.0.0.2", "fd77::2").ipv6(true)).isTrue();
        assertThat(host("127.0.0.0/8", "fe80::1", "fd77::2").ipv6(false)).isTrue();
        assertThat(host("127.0.0.0/8", "fe80::1").ipv6(true)).isFalse();
    }

    @Test
    void routesOfIpv4GoByPrefixAndLeastMetric() {
        String table =
                """
                Iface Destination Gateway  Flags RefCnt Use Metric Mask     MTU Window IRTT
                eth0  00000000    01004D0A 0003  0      0   100    00000000 0   0      0
                eth1  00000000    01004E0A 0003  0      0   50     00000000 0   0      0
                eth0  00004D0A    00000000 0001  0      0   0      00FFFFFF 0   0      0
                eth0  00004C0A    00000000 0201  0      0   0      00FFFFFF 0   0      0
                """;
        assertThat(Route.ipv4(table))
                .containsExactly(
                        Map.entry(Cidr.parse("0.0.0.0/0"), new Route("eth1", 50, null)),
                        Map.entry(Cidr.parse("10.77.0.0/24"), new Route("eth0", 0, null)));
    }

    @Test
    void routesOfIpv6LeaveOutLocalOnLinkAndRejectedOnes() {
        String zero = "0".repeat(32);
        String format = "%s %s %s 00 %s %s 00000001 00000000 %s %s%n";
        String table =
                format.formatted(zero, "00", zero, zero, "00000400", "00000003", "eth0")
                        + format.formatted(
                                "fd77" + "0".repeat(28),
                                "40",
                                zero,
                                zero,
                                "00000100",
                                "00000001",
                                "eth0")
                        + format.formatted(
                                "fe80" + "0".repeat(28),
                                "40",
                                zero,
                                zero,
                                "00000100",
                                "00000001",
                                "eth0")
                        + format.formatted(
                                "fd77" + "0".repeat(27) + "2",
                                "80",
                                zero,
                                zero,
                                "00000000",
                                "80200001",
                                "eth0")
                        + format.formatted(zero, "00", zero, zero, "ffffffff", "00200200", "lo");
        assertThat(Route.ipv6(table))
                .containsOnly(
                        Map.entry(Cidr.parse("::/0"), new Route("eth0", 1024, null)),
                        Map.entry(Cidr.parse("fd77::/64"), new Route("eth0", 256, null)));
    }

    @Test
    void serversAreReadFromTheResolversConfiguration() {
        String text =
                "search x\nnameserver 10.0.0.10\nnameserver fe80::1%eth0\n# nameserver 1.1.1.1\n";
        assertThat(PolicyReader.servers(text))
                .containsExactly(Cidr.parse("10.0.0.10"), Cidr.parse("fe80::1"));
    }

    @Test
    void hierarchiesOfVersion2AreFoundAmongTheMountsDeepestFirst() {
        String mounts =
                """
                tmpfs /sys/fs/cgroup tmpfs ro 0 0
                cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
                cgroup /sys/fs/cgroup/cpu cgroup rw 0 0
                cgroup2 /run/my\\040groups cgroup2 rw 0 0
                """;
        assertThat(Cgroup.mounts(mounts))
                .isEqualTo(List.of(Path.of("/sys/fs/cgroup/unified"), Path.of("/run/my groups")));
    }

    @Test
    void theShortPathIsTakenFromKernelsThatAccountForIt() {
        assertThat(Support.accountsForMessages("6.13.0")).isTrue();
        assertThat(Support.accountsForMessages("7.0-rc1")).isTrue();
        assertThat(Support.accountsForMessages("6.12.9-generic")).isFalse();
        assertThat(Support.accountsForMessages("5.15.0")).isFalse();
        assertThat(Support.accountsForMessages("unknown")).isFalse();
    }
}
