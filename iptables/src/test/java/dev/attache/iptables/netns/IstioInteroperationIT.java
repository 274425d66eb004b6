package dev.attache.iptables.netns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.apply.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real istio-iptables and this command on the same kernel: each finds the other's rules in
 * place and leaves them alone, and this command removes what the other installed.
 */
@Tag("conformance")
class IstioInteroperationIT {
    private static final String SIDECAR =
            "-p 15001 -z 15006 -u 1337 -m REDIRECT -i * -b * -d 15090,15021,15020 --dual-stack";
    private static final String TPROXY =
            "-u 0 -g 1337 -m TPROXY -i * -b * -d 15090,15021,15020 --drop-invalid --redirect-dns"
                    + " --capture-all-dns --dual-stack";
    private static final String LISTED =
            "-u 3,4 -g 5 -i 10.0.0.0/8,2001:db8::/32 -x 10.9.0.0/16 -b 80,8080:8090 -o 22 -q 9090 -k"
                    + " virt0 -c eth7 --dual-stack";

    private static Path peer() {
        String directory = System.getenv().getOrDefault("ATTACHE_PEERS", "/opt/peers");
        Path peer = Path.of(directory, "istio-iptables");
        assertThat(peer).as("run .ci/peers/istio-iptables.sh").isExecutable();
        return peer;
    }

    private static String ruleset(Stage stage) throws IOException {
        return stage.app().run("nft", "--stateless", "--handle", "list", "ruleset").out();
    }

    private static Programs.Answer istio(Stage stage, List<String> flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(peer().toString()));
        command.addAll(flags);
        return stage.app().run(command.toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {SIDECAR, TPROXY, LISTED})
    void leavesTheOriginalsRulesAlone(String line) throws IOException {
        RuleMode mode = RuleMode.iptables();
        mode.require();
        List<String> flags = List.of(line.split(" "));
        try (Stage stage = Stage.open()) {
            Programs.Answer theirs = istio(stage, flags);
            assertThat(theirs.exit()).as(theirs.out() + theirs.err()).isZero();
            String before = ruleset(stage);
            assertThat(mode.run(stage, flags, Map.of()))
                    .startsWith("exit 0")
                    .contains("nothing to do");
            assertThat(ruleset(stage)).isEqualTo(before);
            mode.remove(stage, flags, Map.of());
            assertThat(mode.leftovers(stage)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIDECAR, LISTED})
    void theOriginalLeavesOurRulesAlone(String line) throws IOException {
        RuleMode mode = RuleMode.iptables();
        mode.require();
        List<String> flags = List.of(line.split(" "));
        try (Stage stage = Stage.open()) {
            assertThat(mode.run(stage, flags, Map.of())).startsWith("exit 0");
            String before = rules(stage);
            Programs.Answer theirs = istio(stage, flags);
            assertThat(theirs.exit()).as(theirs.out() + theirs.err()).isZero();
            assertThat(theirs.out()).contains("reconciliation not needed");
            assertThat(rules(stage)).isEqualTo(before);
            mode.remove(stage, flags, Map.of());
        }
    }

    /** Without handles: the original tries its binaries by adding and removing a rule. */
    private static String rules(Stage stage) throws IOException {
        StringBuilder rules = new StringBuilder();
        for (String save : new String[] {"iptables-nft-save", "ip6tables-nft-save"}) {
            stage.app()
                    .run(save)
                    .out()
                    .lines()
                    .filter(text -> text.startsWith("-A") || text.startsWith(":ISTIO"))
                    .forEach(text -> rules.append(text).append('\n'));
        }
        return rules.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {SIDECAR, TPROXY, LISTED})
    void nftablesToo(String line) throws IOException {
        RuleMode mode = RuleMode.nftables();
        mode.require();
        List<String> flags = new ArrayList<>(List.of(line.replace("8080:8090", "8080").split(" ")));
        List<String> theirFlags = new ArrayList<>(flags);
        theirFlags.add("--native-nftables");
        try (Stage stage = Stage.open()) {
            Programs.Answer theirs = istio(stage, theirFlags);
            assertThat(theirs.exit()).as(theirs.out() + theirs.err()).isZero();
            String before = ruleset(stage);
            assertThat(mode.run(stage, flags, Map.of()))
                    .startsWith("exit 0")
                    .contains("nothing to do");
            assertThat(ruleset(stage)).isEqualTo(before);
            mode.remove(stage, flags, Map.of());
            assertThat(mode.leftovers(stage)).isEmpty();
        }
    }
}
