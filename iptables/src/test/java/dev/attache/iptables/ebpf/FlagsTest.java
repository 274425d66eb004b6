package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.ebpf.program.Policy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    private static Flags flags(Map<String, String> environment, String... args)
            throws EbpfException {
        return Flags.parse(List.of(args), environment);
    }

    private static Policy policy(Map<String, String> environment, String... args)
            throws IOException {
        Host host = new Host(1, new LinkedHashSet<>(), Map.of("lo", 1, "eth0", 2), Map.of());
        return new PolicyReader(flags(environment, args), Path.of("/nonexistent"), host, null)
                .read();
    }

    @Test
    void flagsAreReadInEveryForm() throws EbpfException {
        Flags flags = flags(NO_ENVIRONMENT, "detach", "-p", "1", "--envoy-port=2", "--dry-run");
        assertThat(flags.words()).containsExactly("detach");
        assertThat(flags.port(Flag.ENVOY_PORT)).isEqualTo(2);
        assertThat(flags.on(Flag.DRY_RUN)).isTrue();
        assertThat(flags.on(Flag.NO_SOCKMAP)).isFalse();
    }

    @Test
    void theEnvironmentStandsInForAFlagButNotForTheEnvoyPort() throws EbpfException {
        Map<String, String> environment =
                Map.of("ISTIO_INBOUND_PORTS", "80", "ENVOY_PORT", "7", "PROXY_UID", "9");
        Flags flags = flags(environment, "-u", "5");
        assertThat(flags.ports(Flag.ISTIO_INBOUND_PORTS)).containsExactly(80);
        assertThat(flags.port(Flag.ENVOY_PORT)).isEqualTo(15001);
        assertThat(flags.text(Flag.PROXY_UID)).isEqualTo("5");
    }

    @Test
    void everyFlagOfIstioIptablesThatIsKeptHasItsShortForm() {
        assertThat(List.of(Flag.values()).stream().filter(f -> f.matches("-b")))
                .containsExactly(Flag.ISTIO_INBOUND_PORTS);
        for (String brief :
                List.of(
                        "-p", "-z", "-e", "-u", "-g", "-m", "-b", "-d", "-i", "-x", "-o", "-q",
                        "-c", "-n")) {
            assertThat(List.of(Flag.values()).stream().filter(f -> f.matches(brief)))
                    .as(brief)
                    .hasSize(1);
        }
    }

    @Test
    void aSwitchTakesNoOtherWord() {
        assertThatThrownBy(() -> flags(NO_ENVIRONMENT, "--dry-run=maybe").on(Flag.DRY_RUN))
                .hasMessageContaining("--dry-run \"maybe\"");
        assertThatThrownBy(() -> flags(NO_ENVIRONMENT, "--cgroup"))
                .hasMessage("--cgroup: a value is missing");
    }

    @Test
    void thePolicyFollowsIstiosDefaults() throws IOException {
        Policy policy = policy(NO_ENVIRONMENT);
        assertThat(policy.proxy().outboundPort()).isEqualTo(15001);
        assertThat(policy.proxy().inboundPort()).isEqualTo(15006);
        assertThat(policy.proxy().tunnelPort()).isEqualTo(15008);
        assertThat(policy.proxy().gids()).isEqualTo(policy.proxy().uids());
        assertThat(policy.outbound().all()).isFalse();
        assertThat(policy.inbound().enabled()).isFalse();
        assertThat(policy.dns().enabled()).isFalse();
    }

    @Test
    void groupsAndInterfacesAndMarksAreRead() throws IOException {
        Policy policy =
                policy(
                        Map.of("ISTIO_OUTBOUND_OWNER_GROUPS", "2000, 2001"),
                        "-c",
                        "eth0",
                        "--proxy-mark",
                        "0x539",
                        "-u",
                        "1,2",
                        "-g",
                        "3");
        assertThat(policy.outbound().groups()).containsExactly(2000, 2001);
        assertThat(policy.interfaces().excluded()).containsExactly(2);
        assertThat(policy.proxy().mark()).isEqualTo(1337);
        assertThat(policy.proxy().uids()).containsExactly(1, 2);
        assertThat(policy.proxy().gids()).containsExactly(3);
    }

    @Test
    void queriesAreLeftAloneWhereNoServerIsKnown() throws IOException {
        assertThat(policy(NO_ENVIRONMENT, "--redirect-dns").dns().enabled()).isFalse();
        assertThat(policy(NO_ENVIRONMENT, "--capture-all-dns").dns().enabled()).isTrue();
    }

    @Test
    void rememberedFlagsReadAsThoseGiven() throws EbpfException {
        Flags given =
                flags(Map.of("ISTIO_DUAL_STACK", "true"), "-i", "*", "--no-sockmap", "-p", "15001");
        About about = new About();
        given.policy().forEach((flag, value) -> about.put("flag." + flag, value));
        given.policyVariables().forEach((name, value) -> about.put("variable." + name, value));
        Flags remembered = Flags.remembered(about);
        assertThat(remembered.policy())
                .isEqualTo(given.policy())
                .containsOnly(
                        Map.entry("--istio-service-cidr", "*"), Map.entry("--no-sockmap", "true"));
        assertThat(remembered.policyVariables()).containsEntry("ISTIO_DUAL_STACK", "true");
    }
}
