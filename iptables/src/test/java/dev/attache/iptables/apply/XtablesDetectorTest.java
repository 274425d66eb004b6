package dev.attache.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.apply.Xtables.Tool;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.rules.Family;
import java.util.List;
import org.junit.jupiter.api.Test;

class XtablesDetectorTest {
    private static final String RULES = "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -j ACCEPT\nCOMMIT\n";
    private final FakePrograms programs = new FakePrograms();

    private void binary(String name, String version, String rules) {
        programs.when(name + "-save", 0, rules, "")
                .when(name + "-save --version", 0, name + " " + version, "")
                .when(name, 0, "", "");
    }

    private HostXtables detect(String forced) throws BadInput {
        return new XtablesDetector(programs).detect(forced, "", false);
    }

    @Test
    void prefersLegacyOnlyIfItHoldsRules() throws BadInput {
        binary("iptables-legacy", "v1.8.9 (legacy)", RULES);
        binary("iptables-nft", "v1.8.9 (nf_tables)", "");
        assertThat(detect("").name(Family.V4, Tool.SAVE)).isEqualTo("iptables-legacy-save");
        binary("iptables-legacy", "v1.8.9 (legacy)", "*nat\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n");
        assertThat(detect("").name(Family.V4, Tool.SAVE)).isEqualTo("iptables-nft-save");
    }

    @Test
    void fallsBackToThePlainName() throws BadInput {
        binary("iptables", "v1.4.21", "");
        HostXtables found = detect("");
        assertThat(found.name(Family.V4, Tool.RESTORE)).isEqualTo("iptables-restore");
        assertThat(found.nftBased(Family.V4)).isFalse();
    }

    @Test
    void skipsABinaryWithoutKernelSupport() throws BadInput {
        binary("iptables-nft", "v1.8.9 (nf_tables)", "");
        programs.when("iptables-nft-save", 1, "", "Protocol not supported");
        binary("iptables", "v1.8.9 (legacy)", "");
        assertThat(detect("").name(Family.V4, Tool.COMMAND)).isEqualTo("iptables");
    }

    @Test
    void forcedBinaryMustWork() throws BadInput {
        binary("iptables-nft", "v1.8.9 (nf_tables)", "");
        assertThat(detect("nft").name(Family.V4, Tool.COMMAND)).isEqualTo("iptables-nft");
        assertThatThrownBy(() -> detect("legacy"))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("iptables-legacy not found")
                .hasMessageContaining("--force-iptables-binary \"legacy\"");
    }

    @Test
    void nothingInstalledIsSaidSo() {
        assertThatThrownBy(() -> detect(""))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no working iptables binary")
                .hasMessageContaining("install iptables");
    }

    @Test
    void missingIpv6MattersOnlyIfAsked() throws BadInput {
        binary("iptables-nft", "v1.8.9 (nf_tables)", "");
        assertThat(detect("").has(Family.V6)).isFalse();
        assertThatThrownBy(() -> new XtablesDetector(programs).detect("", "", true))
                .hasMessageContaining("ip6tables");
    }

    @Test
    void legacyWaitsForItsLockAndInAPluginUsesThePods() throws BadInput {
        binary("iptables-legacy", "v1.8.9 (legacy)", RULES);
        HostXtables common = new XtablesDetector(programs).detect("legacy", "", false);
        common.run(Family.V4, Tool.RESTORE, "x", List.of("--noflush"));
        assertThat(programs.calls.getLast())
                .isEqualTo("iptables-legacy-restore --noflush --wait=30");
        HostXtables pod = new XtablesDetector(programs).detect("legacy", "/run/netns/pod", false);
        pod.run(Family.V4, Tool.COMMAND, "", List.of("-t", "nat", "-S"));
        assertThat(programs.environments.getLast())
                .containsEntry("XTABLES_LOCKFILE", "/run/netns/pod");
        pod.run(Family.V4, Tool.SAVE, "", List.of());
        assertThat(programs.calls.getLast()).isEqualTo("iptables-legacy-save");
    }

    @Test
    void nftTakesNoLock() throws BadInput {
        binary("iptables-nft", "v1.8.9 (nf_tables)", "");
        detect("").run(Family.V4, Tool.COMMAND, "", List.of("-S"));
        assertThat(programs.calls.getLast()).isEqualTo("iptables-nft -S");
    }

    @Test
    void readsVersions() {
        assertThat(XtablesDetector.version("iptables v1.8.9 (nf_tables)")).containsExactly(1, 8, 9);
        assertThat(XtablesDetector.version("nftables v1.0.6 (Lester Gooch #5)"))
                .containsExactly(1, 0, 6);
        assertThat(XtablesDetector.version("something else")).isEmpty();
    }
}
