package dev.attache.iptables.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.FakeHost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    private final List<String> warnings = new ArrayList<>();

    private CaptureConfig read(FakeHost host, String... args) throws BadInput {
        ConfigReader reader =
                new ConfigReader(FlagParser.parse(List.of(args), host.environment()), host);
        CaptureConfig config = reader.read();
        warnings.addAll(reader.warnings());
        return config;
    }

    private static FakeHost host(String... addresses) {
        return new FakeHost(Map.of(), FakeHost.addresses(List.of(addresses)), List.of());
    }

    @Test
    void firstRoutableAddressDecidesOnIpv6() throws BadInput {
        assertThat(read(host("127.0.0.1", "10.0.0.1", "2001:db8::1")).ipv6()).isFalse();
        assertThat(read(host("127.0.0.1", "::1", "fe80::1", "2001:db8::1")).ipv6()).isTrue();
        assertThat(read(host("10.0.0.1", "2001:db8::1"), "--dual-stack").ipv6()).isTrue();
        assertThat(read(host("10.0.0.1"), "--dual-stack").ipv6()).isFalse();
        assertThat(warnings).anyMatch(warning -> warning.contains("--dual-stack"));
    }

    @Test
    void withoutAnAddressNothingCanBeDecided() {
        assertThatThrownBy(() -> read(host("127.0.0.1", "169.254.1.1", "::1", "fe80::1")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no valid local IP address found");
    }

    @Test
    void userAndGroupFallBack() throws BadInput {
        assertThat(read(FakeHost.v4()).uids()).containsExactly("1337");
        assertThat(read(FakeHost.v4(), "-u", "3,4").gids()).containsExactly("3", "4");
        assertThat(read(FakeHost.v4(), "-u", "3", "-g", "5").gids()).containsExactly("5");
    }

    @Test
    void serversAreSplitByFamilyAndPrintedShort() throws BadInput {
        FakeHost host =
                FakeHost.with(false, Map.of(), List.of("10.0.0.53", "2001:DB8:0::1", "nonsense"));
        CaptureConfig.Dns dns = read(host, "--redirect-dns").dns();
        assertThat(dns.captured()).isTrue();
        assertThat(dns.v4()).containsExactly("10.0.0.53");
        assertThat(dns.v6()).containsExactly("2001:db8::1");
    }

    @Test
    void withoutServersDnsIsNotCaptured() throws BadInput {
        assertThat(read(FakeHost.v4(), "--redirect-dns").dns().captured()).isFalse();
        assertThat(warnings).anyMatch(warning -> warning.contains("DNS capture disabled"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-i | 10.0.0.0/33 | not an address range",
                "-i | 10.0.0.1 | 10.0.0.1/32",
                "-i | 10.0.0.0/8,* | not in a list",
                "-x | * | invalid value",
                "-b | 70000 | not a port",
                "-b | 80,* | not in a list",
                "-d | x! | ",
                "-q | * | not a port",
                "-o | 90:80 | not a port",
                "-p | 0 | not a port",
                "-z | http | not a port",
                "-u | nobody-here | no such user",
                "-g | nobody-here | no such group",
                "-c | an/interface | not an interface name",
                "-k | much-too-long-a-name | not an interface name",
                "--force-iptables-binary | ebtables | legacy or nft",
            })
    void refusesWithFlagValueAndRemedy(String flag, String value, String message) {
        String[] args =
                flag.equals("-d")
                        ? new String[] {"-b", "*", flag, value}
                        : new String[] {flag, value};
        assertThatThrownBy(() -> read(FakeHost.v4(), args))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(flag)
                .hasMessageContaining(value.substring(value.indexOf(',') + 1))
                .hasMessageContaining(message == null ? "" : message)
                .hasMessageContaining(";")
                .extracting(e -> ((BadInput) e).exitCode())
                .isEqualTo(BadInput.EXIT_FAILURE);
    }

    @Test
    void refusesBadMarksOnlyWhereTheyMatter() throws BadInput {
        assertThat(read(FakeHost.v4(), "-t", "x").inbound().tproxy()).isFalse();
        assertThatThrownBy(() -> read(FakeHost.v4(), "-m", "TPROXY", "-t", "x"))
                .hasMessageContaining("-t")
                .hasMessageContaining("not a packet mark");
    }

    @Test
    void refusesTooManyGroups() {
        String groups = String.join(",", Collections.nCopies(65, "7"));
        FakeHost host =
                FakeHost.with(false, Map.of("ISTIO_OUTBOUND_OWNER_GROUPS", groups), List.of());
        assertThatThrownBy(() -> read(host)).hasMessageContaining("cannot exceed 64, got 65");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1/7", "10.0.0.0/8", "::1/128", "127.0.0.1", "''"})
    void refusesLoopbackRanges(String range) {
        FakeHost host =
                FakeHost.with(false, Map.of("ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR", range), List.of());
        assertThatThrownBy(() -> read(host))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR");
    }

    @Test
    void overlapsAreWarnedOfAndStrictRefusesThem() throws BadInput {
        String[] overlap = {"-q", "80", "-o", "80", "-i", "10.0.0.0/8", "-x", "10.0.0.0/8"};
        read(FakeHost.v4(), overlap);
        assertThat(warnings).hasSize(2).allMatch(warning -> warning.contains("has no effect"));
        List<String> strict = new ArrayList<>(List.of(overlap));
        strict.add("--strict");
        assertThatThrownBy(() -> read(FakeHost.v4(), strict.toArray(new String[0])))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("-q")
                .hasMessageContaining("\"80\"");
    }

    @Test
    void contradictionsAreRefused() {
        assertThatThrownBy(() ->
                        read(
                                FakeHost.v4(),
                                "--native-nftables",
                                "--force-iptables-binary",
                                "legacy"))
                .hasMessageContaining("--force-iptables-binary \"legacy\"")
                .hasMessageContaining("leave out one of the two");
        assertThatThrownBy(() -> read(FakeHost.v4(), "--cleanup-only", "--run-validation"))
                .hasMessageContaining("--run-validation");
    }
}
