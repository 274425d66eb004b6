package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.kernel.BpfMap;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every attachment that is pinned on this host, as status and explain tell of them. Used by one
 * thread.
 */
public final class Attachments {
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");

    private final Path root;
    private final PrintStream out;

    /**
     * @param root where each attachment has a directory of pins
     */
    public Attachments(Path root, PrintStream out) {
        this.root = root;
        this.out = out;
    }

    /** Those of this host, printed to {@code out}. */
    public static Attachments ofThisHost(PrintStream out) {
        return new Attachments(EbpfCommand.PINS, out);
    }

    /** Tells whether there is any; what only left its pins behind does not count. */
    public boolean any() {
        return directories().stream().anyMatch(directory -> !isLeftBehind(directory));
    }

    /** With the cgroup the kernel took the programs away; only the pins are still there. */
    private static boolean isLeftBehind(Path directory) {
        try {
            String cgroup = about(directory).getOr("cgroup", "");
            return !cgroup.isEmpty() && !Files.isDirectory(Path.of(cgroup));
        } catch (IOException unreadable) {
            // Status says what is wrong with it.
            return false;
        }
    }

    private List<Path> directories() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(root)) {
            return directories.sorted().toList();
        } catch (IOException e) {
            out.println("cannot look into " + root + ": " + e.getMessage());
            return List.of();
        }
    }

    /**
     * Prints the state of each.
     *
     * @return whether all are attached as they were asked for
     */
    public boolean status() {
        boolean sound = true;
        for (Path directory : directories()) {
            if (isLeftBehind(directory)) {
                out.println(
                        "left:      ebpf: "
                                + directory
                                + ": its cgroup is gone and nothing is intercepted; clean up with"
                                + " attache intercept ebpf detach --pin-dir "
                                + directory);
                continue;
            }
            out.println("installed: ebpf: " + directory);
            try {
                List<String> arguments = new ArrayList<>(List.of("status"));
                arguments.addAll(target(directory));
                String[] all = arguments.toArray(String[]::new);
                sound &= EbpfCommand.run(all, Map.of(), RESOLVER, out, out) == 0;
            } catch (IOException e) {
                out.println("drift: " + e.getMessage());
                sound = false;
            }
        }
        return sound;
    }

    /** The arguments that name an attachment's target, from its own record. */
    private static List<String> target(Path directory) throws IOException {
        About about = about(directory);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--pin-dir", directory.toString()));
        arguments.addAll(List.of("--cgroup", about.getOr("cgroup", "")));
        arguments.addAll(
                List.of("--network-namespace", about.getOr(About.NAMESPACE, "/proc/self/ns/net")));
        String proxy = about.get(About.PROXY);
        if (proxy != null) {
            arguments.addAll(List.of("--proxy-cgroup", proxy));
        }
        return arguments;
    }

    private static About about(Path directory) throws IOException {
        try (PinnedMaps maps = PinnedMaps.openExisting(new Pins(directory))) {
            BpfMap about = maps.find(Maps.ABOUT);
            if (about == null) {
                throw EbpfException.usage(directory + " holds no record; detach cleans up");
            }
            return About.read(about);
        }
    }

    /** Prints what each would do with a connection. */
    public void explain(Traveller traveller, String destination) {
        for (Path directory : directories()) {
            if (isLeftBehind(directory)) {
                continue;
            }
            try {
                explain(directory, traveller, destination);
            } catch (IOException | IllegalArgumentException e) {
                out.println("rules: ebpf in " + directory + " cannot be read: " + e.getMessage());
            }
        }
    }

    private void explain(Path directory, Traveller asked, String destination) throws IOException {
        About about = about(directory);
        String cgroup = about.getOr("cgroup", "?");
        out.println(
                "rules: ebpf, for the processes of "
                        + cgroup
                        + " in "
                        + about.getOr(About.NAMESPACE, "?"));
        Host host = Host.of(Path.of(about.getOr(About.NAMESPACE, "/proc/self/ns/net")));
        String proxy = about.get(About.PROXY);
        @Nullable Cgroup place = proxy == null ? null : Cgroup.at("--proxy-cgroup", proxy);
        Policy policy = new PolicyReader(Flags.remembered(about), RESOLVER, host, place).read();
        try (PinnedMaps maps = PinnedMaps.openExisting(new Pins(directory))) {
            Explanation explanation = new Explanation(policy, maps, host, who(asked, policy));
            String verdict = explanation.verdict();
            explanation.notes().forEach(out::println);
            out.println("=> " + verdict.replace("$DST", destination));
        }
    }

    /** The proxy is who the flags say it is, unless the question names a user. */
    private static Traveller who(Traveller asked, Policy policy) {
        if (!asked.proxy() || asked.uid() >= 0) {
            return asked;
        }
        return new Traveller(
                asked.fromHere(),
                true,
                asked.source(),
                asked.destination(),
                asked.port(),
                asked.udp(),
                policy.proxy().uids().getFirst(),
                policy.proxy().gids().getFirst());
    }
}
