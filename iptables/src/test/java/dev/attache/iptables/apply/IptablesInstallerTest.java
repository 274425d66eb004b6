package dev.attache.iptables.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.FakeHost;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.ConfigReader;
import dev.attache.iptables.capture.FlagParser;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesSidecar;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IptablesInstallerTest {
    private final Recording xtables = new Recording();

    /** Answers from a table of saves and failures; keeps what it was told to change. */
    private static final class Recording implements Xtables {
        final Map<Family, String> saved = new LinkedHashMap<>();
        final List<String> changes = new ArrayList<>();
        String failing = "";

        @Override
        public boolean has(Family family) {
            return true;
        }

        @Override
        public boolean nftBased(Family family) {
            return false;
        }

        @Override
        public boolean recordsOnly() {
            return false;
        }

        @Override
        public String name(Family family, Tool tool) {
            return family.command() + tool.suffix();
        }

        @Override
        public Programs.Answer run(Family family, Tool tool, String input, List<String> arguments) {
            if (tool == Tool.SAVE) {
                return new Programs.Answer(0, saved.getOrDefault(family, ""), "");
            }
            String call = name(family, tool) + " " + String.join(" ", arguments);
            changes.add(call + (input.isEmpty() ? "" : "\n" + input));
            return !failing.isEmpty() && call.startsWith(failing)
                    ? new Programs.Answer(4, "", "it does not work")
                    : new Programs.Answer(0, "", "");
        }
    }

    private IptablesInstaller.Outcome run(String... flags) throws BadInput, ApplyException {
        FakeHost host = FakeHost.with(true, Map.of(), List.of());
        CaptureConfig config =
                new ConfigReader(FlagParser.parse(List.of(flags), Map.of()), host).read();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        return new IptablesInstaller(
                        config,
                        IptablesSidecar.rules(config),
                        xtables,
                        host,
                        new Log(nowhere, nowhere, Log.Level.NONE, false))
                .run();
    }

    private static final String OTHERS =
            "*nat\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n-A OUTPUT -j DOCKER\nCOMMIT\n";
    private static final String OURS =
            "*nat\n:OUTPUT ACCEPT [0:0]\n:ISTIO_OUTPUT - [0:0]\n-A OUTPUT -j ISTIO_OUTPUT\n"
                    + "-A ISTIO_OUTPUT -j RETURN\nCOMMIT\n";

    @Test
    void oneRestorePerFamilyOnAFreshHost() throws Exception {
        assertThat(run("-i", "*")).isEqualTo(IptablesInstaller.Outcome.INSTALLED);
        assertThat(xtables.changes).hasSize(2);
        assertThat(xtables.changes.getFirst()).startsWith("iptables-restore --noflush\n* nat\n");
        assertThat(xtables.changes.getLast()).startsWith("ip6tables-restore --noflush\n* nat\n");
    }

    @Test
    void rulesOfOthersDoNotMatter() throws Exception {
        xtables.saved.put(Family.V4, OTHERS);
        assertThat(run("-i", "*")).isEqualTo(IptablesInstaller.Outcome.INSTALLED);
    }

    @Test
    void otherRulesOfOursAreLeftAloneWithoutReconcile() {
        xtables.saved.put(Family.V4, OURS);
        assertThatThrownBy(() -> run("-i", "*"))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("--reconcile")
                .hasMessageContaining("nothing was changed");
        assertThat(xtables.changes).isEmpty();
    }

    @Test
    void reconcileBlocksTrafficRemovesAndInstalls() throws Exception {
        xtables.saved.put(Family.V4, OURS);
        assertThat(run("-i", "*", "--reconcile")).isEqualTo(IptablesInstaller.Outcome.REPLACED);
        int up = xtables.changes.indexOf("iptables -t filter -I OUTPUT 1 -p tcp -j DROP");
        int removed =
                xtables.changes.indexOf(
                        "iptables-restore --noflush\n*nat\n-D OUTPUT -j ISTIO_OUTPUT\n-F"
                                + " ISTIO_OUTPUT\n-X ISTIO_OUTPUT\nCOMMIT\n");
        int down = xtables.changes.lastIndexOf("iptables -t filter -D OUTPUT -p tcp -j DROP");
        assertThat(up).isNotNegative().isLessThan(removed);
        assertThat(removed).isLessThan(down);
    }

    @Test
    void aFailedRestoreIsTakenBack() {
        xtables.saved.put(Family.V4, OURS);
        xtables.failing = "ip6tables-restore";
        assertThatThrownBy(() -> run("-i", "*", "--reconcile"))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("ip6tables-restore failed (xtables resource problem)")
                .hasMessageContaining("it does not work");
        assertThat(xtables.changes).contains("iptables-restore \n" + OURS);
        assertThat(xtables.changes.getLast()).as("guard rails are gone").contains("-D OUTPUT");
    }

    @Test
    void cleanupRemovesWhateverIsOurs() throws Exception {
        xtables.saved.put(Family.V4, OURS.replace("COMMIT", "-A OUTPUT -o eth7 -j RETURN\nCOMMIT"));
        assertThat(run("--cleanup-only", "-c", "eth7"))
                .isEqualTo(IptablesInstaller.Outcome.REMOVED);
        assertThat(xtables.changes)
                .containsExactly(
                        "iptables-restore --noflush\n*nat\n-D OUTPUT -j ISTIO_OUTPUT\n-D OUTPUT -o"
                                + " eth7 -j RETURN\n-F ISTIO_OUTPUT\n-X ISTIO_OUTPUT\nCOMMIT\n");
    }

    @Test
    void cleanupOfNothingDoesNothing() throws Exception {
        xtables.saved.put(Family.V4, OTHERS);
        run("--cleanup-only", "-i", "*");
        assertThat(xtables.changes).isEmpty();
    }
}
