package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.netns.InterceptionMode;
import dev.attache.iptables.netns.Namespace;
import dev.attache.iptables.netns.Stage;
import dev.attache.iptables.netns.TrafficGroup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * The eBPF mode, as the table of cases drives it. The table's actors live in this process, so this
 * process moves into a cgroup of the test's while it runs.
 */
final class EbpfMode implements InterceptionMode {
    private static final String PROCESSES = "cgroup.procs";

    @Override
    public String name() {
        return "ebpf";
    }

    @Override
    public void require() {
        Namespace.require();
        Assumptions.assumeTrue(Lab.obstacle().isEmpty(), "eBPF: " + Lab.obstacle());
        try {
            Files.createDirectories(cgroup());
            move(cgroup());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path mount() throws IOException {
        return Cgroup.mounts(Files.readString(Path.of("/proc/self/mounts"))).getFirst();
    }

    private static Path cgroup() throws IOException {
        return mount().resolve("attache-table-" + ProcessHandle.current().pid());
    }

    private static void move(Path cgroup) throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        Files.writeString(cgroup.resolve(PROCESSES), self);
    }

    @Override
    public boolean supports(TrafficGroup group) {
        return !group.tproxy() && !group.flags().contains("-k");
    }

    @Override
    public void install(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException {
        assertThat(run(stage, "attach", flags, environment)).startsWith("exit 0");
        assertThat(run(stage, "attach", flags, environment))
                .as("a second run changes nothing")
                .startsWith("exit 0")
                .contains("nothing changed");
        assertThat(run(stage, "status", flags, environment))
                .startsWith("exit 0")
                .doesNotContain("drift");
    }

    @Override
    public void remove(Stage stage, List<String> flags, Map<String, String> environment)
            throws IOException {
        assertThat(run(stage, "detach", flags, environment)).startsWith("exit 0");
        move(mount());
    }

    private static String run(
            Stage stage, String action, List<String> flags, Map<String, String> environment)
            throws IOException {
        List<String> all = new ArrayList<>(List.of(action));
        all.addAll(flags);
        all.addAll(List.of("--cgroup", cgroup().toString()));
        all.addAll(List.of("--network-namespace", stage.app().path().toString()));
        Path resolver = Files.createTempFile("resolv", ".conf");
        Files.writeString(resolver, "nameserver 10.11.0.1\nnameserver fd11::1\n");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        int exit = EbpfCommand.run(all.toArray(String[]::new), environment, resolver, out, out);
        Files.delete(resolver);
        return "exit " + exit + "\n" + log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String leftovers(Stage stage) throws IOException {
        Files.delete(cgroup());
        Path pins = EbpfCommand.PINS.resolve(cgroup().getFileName());
        return Files.exists(pins) ? pins + " is still there" : "";
    }
}
