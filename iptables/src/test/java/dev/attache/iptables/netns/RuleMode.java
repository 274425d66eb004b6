package dev.attache.iptables.netns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.IpAddress;
import dev.attache.iptables.capture.LinuxHost;
import dev.attache.iptables.command.IptablesCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Interception by packet rules: the iptables command with some flags added. */
final class RuleMode implements InterceptionMode {
    private final String name;
    private final List<String> extra;
    private final String[] programs;

    private RuleMode(String name, List<String> extra, String... programs) {
        this.name = name;
        this.extra = extra;
        this.programs = programs;
    }

    static RuleMode iptables() {
        return new RuleMode("iptables", List.of(), "iptables", "ip6tables");
    }

    static RuleMode iptablesLegacy() {
        return new RuleMode(
                "iptables-legacy", List.of("--force-iptables-binary", "legacy"), "iptables-legacy");
    }

    static RuleMode nftables() {
        return new RuleMode("nftables", List.of("--native-nftables"), "nft");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void require() {
        Namespace.require(programs);
        Assumptions.assumeTrue(
                worksHere(), () -> "skipped: this kernel does not support " + programs[0]);
    }

    private boolean worksHere() {
        String[] trial =
                programs[0].equals("nft")
                        ? new String[] {"nft", "list", "ruleset"}
                        : new String[] {programs[0], "-t", "nat", "-S"};
        try (Namespace probe = Namespace.create("k")) {
            return probe.run(trial).ok();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean supports(TrafficGroup group) {
        return true;
    }

    @Override
    public void install(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException {
        assertThat(run(stage, flags, environment)).startsWith("exit 0");
        assertThat(run(stage, flags, environment))
                .as("a second run changes nothing")
                .startsWith("exit 0")
                .contains("nothing to do");
    }

    @Override
    public void remove(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException {
        List<String> all = new ArrayList<>(flags);
        all.add("--cleanup-only");
        assertThat(run(stage, all, environment)).startsWith("exit 0");
    }

    /** Runs the command in the application's namespace: exit code and log. */
    String run(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException {
        List<String> all = new ArrayList<>(flags);
        all.addAll(extra);
        Host host = new StageHost(environment, List.of("10.11.0.1", "fd11::1"));
        return stage.app()
                .in(() -> {
                    ByteArrayOutputStream log = new ByteArrayOutputStream();
                    PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
                    int exit = new IptablesCommand(host, new HostPrograms(), out, out).run(all);
                    return "exit " + exit + "\n" + log.toString(StandardCharsets.UTF_8);
                });
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public String leftovers(Stage stage) throws IOException {
        StringBuilder found = new StringBuilder();
        for (String family : new String[] {"iptables", "ip6tables"}) {
            for (String kind : new String[] {"-nft-save", "-legacy-save"}) {
                String saved = stage.app().run(family + kind).out();
                saved.lines()
                        .filter(line -> line.startsWith("-A") || line.contains("ISTIO"))
                        .forEach(line -> found.append(line).append('\n'));
            }
        }
        String ruleset = stage.app().run("nft", "list", "ruleset").out();
        ruleset.lines()
                .filter(line -> line.contains("chain ") || line.contains("istio"))
                .forEach(line -> found.append(line).append('\n'));
        for (String family : new String[] {"-4", "-6"}) {
            stage.app()
                    .run("ip", family, "rule")
                    .out()
                    .lines()
                    .filter(line -> line.contains("fwmark"))
                    .forEach(line -> found.append(line).append('\n'));
            found.append(
                    stage.app().run("ip", family, "route", "show", "table", "133").out().strip());
        }
        String addresses = stage.app().run("ip", "-6", "addr", "show", "dev", "lo").out();
        if (addresses.contains("::6/")) {
            found.append(addresses);
        }
        return found.toString();
    }

    /** The namespace's own addresses, a made-up environment and resolv.conf. */
    private record StageHost(Map<String, String> environment, List<String> nameServers)
            implements Host {
        private static final LinuxHost LINUX = new LinuxHost();

        @Override
        public List<IpAddress> addresses() throws IOException {
            return LINUX.addresses();
        }

        @Override
        public @Nullable String userId(String name) {
            return LINUX.userId(name);
        }

        @Override
        public @Nullable String groupId(String name) {
            return LINUX.groupId(name);
        }
    }
}
