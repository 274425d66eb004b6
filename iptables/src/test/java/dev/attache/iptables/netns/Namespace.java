package dev.attache.iptables.netns;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.kernel.NetworkNamespace;
import dev.attache.iptables.status.InstallRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A network namespace that a test made and takes away again. */
public final class Namespace implements AutoCloseable {
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final HostPrograms PROGRAMS = new HostPrograms();

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes one with the loopback up. */
    public static Namespace create(String hint) throws IOException {
        String name =
                "attache-" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + hint;
        must(List.of("ip", "netns", "add", name));
        Namespace namespace = new Namespace(name);
        namespace.ip("link set lo up");
        return namespace;
    }

    /** Skips the calling test, saying why, unless namespaces and the programs are there. */
    public static void require(String... programs) {
        for (String program : programs) {
            Assumptions.assumeTrue(
                    onPath(program), () -> skip("the program " + program + " is missing"));
        }
        Assumptions.assumeTrue(onPath("ip"), () -> skip("the program ip (iproute2) is missing"));
        Assumptions.assumeTrue(canCreate(), () -> skip("no right to make network namespaces"));
    }

    private static String skip(String why) {
        String text = "skipped: " + why;
        System.out.println(text);
        return text;
    }

    private static boolean onPath(String program) {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return Files.isExecutable(Path.of("/usr/sbin", program));
    }

    private static boolean canCreate() {
        try (Namespace probe = create("p")) {
            probe.in(() -> "entered");
            return true;
        } catch (IOException | AssertionError e) {
            System.out.println("network namespaces: " + e.getMessage());
            return false;
        }
    }

    public String name() {
        return name;
    }

    public Path path() {
        return Path.of("/run/netns", name);
    }

    /** Runs {@code ip} in here; arguments parted by blanks. */
    public void ip(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments.split(" ")));
        must(command);
    }

    /** Runs a program in here. */
    public Programs.Answer run(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", name));
        words.addAll(List.of(command));
        return PROGRAMS.run(words, "", Map.of());
    }

    /** Runs work on a thread of its own in here. */
    public <T> T in(NetworkNamespace.Work<T> work) throws IOException {
        return NetworkNamespace.in(path(), work);
    }

    /** Joins two namespaces by a pair of interfaces, with addresses and both ends up. */
    public static void join(
            Namespace left,
            String leftInterface,
            List<String> leftAddresses,
            Namespace right,
            String rightInterface,
            List<String> rightAddresses)
            throws IOException {
        left.ip(
                "link add "
                        + leftInterface
                        + " type veth peer name "
                        + rightInterface
                        + " netns "
                        + right.name);
        address(left, leftInterface, leftAddresses);
        address(right, rightInterface, rightAddresses);
    }

    private static void address(Namespace at, String name, List<String> addresses)
            throws IOException {
        for (String address : addresses) {
            at.ip("addr add " + address + " dev " + name + (address.contains(":") ? " nodad" : ""));
        }
        // No link-local addresses: the kernel would add them while a test already runs.
        at.ip("link set " + name + " addrgenmode none");
        at.ip("link set " + name + " up");
    }

    private static void must(List<String> command) throws IOException {
        Programs.Answer answer = PROGRAMS.run(command, "", Map.of());
        if (!answer.ok()) {
            throw new AssertionError(String.join(" ", command) + ": " + answer.complaint());
        }
    }

    /** Takes the install record with it, because the kernel gives the number to another one. */
    @Override
    public void close() throws IOException {
        Object inode = Files.getAttribute(path(), "unix:ino");
        Files.deleteIfExists(InstallRecord.DIRECTORY.resolve(inode + ".properties"));
        must(List.of("ip", "netns", "del", name));
    }
}
