package dev.attache.iptables.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.capture.IpAddress;
import dev.attache.iptables.capture.LinuxHost;
import dev.attache.iptables.netns.Namespace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 200 random command lines given to the real istio-iptables and to this command, on hosts with
 * IPv4, IPv6 or both: the same rules byte for byte, iptables and nftables, and the same exit code.
 * {@code .ci/peers/istio-iptables.sh} builds the peer into {@code ATTACHE_PEERS} (/opt/peers).
 */
@Tag("conformance")
class IstioIptablesConformanceIT {
    private static final int LINES = 200;
    private static final long SEED = 20261120;

    @TempDir Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void writesTheSameRules(String backend) throws IOException {
        Namespace.require();
        Path peer = peer();
        RandomFlags random = new RandomFlags(SEED);
        int different = 0;
        StringBuilder report = new StringBuilder();
        try (Namespace v4 = host("4", "192.0.2.10/24");
                Namespace v6 = host("6", "2001:db8::10/64");
                Namespace both = host("46", "192.0.2.10/24", "2001:db8::10/64")) {
            List<Namespace> hosts = List.of(v4, v6, both);
            for (int i = 0; i < LINES; i++) {
                RandomFlags.Line line = withBackend(random.next(), backend);
                Namespace host = hosts.get(i % hosts.size());
                String theirs = host.in(() -> theirs(peer, line, backend));
                String ours = host.in(() -> ours(line));
                if (!ours.equals(theirs)) {
                    different++;
                    report.append(line)
                            .append("\n-- theirs\n")
                            .append(theirs)
                            .append("-- ours\n")
                            .append(ours)
                            .append('\n');
                }
            }
        }
        System.out.println(
                "istio-iptables "
                        + backend
                        + ": "
                        + (LINES - different)
                        + " of "
                        + LINES
                        + " random flag sets give the same rules");
        assertThat(different).as(report.toString()).isZero();
    }

    /** The golden texts of this repository are the original's. */
    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void ownGoldensAreTheOriginals(String backend) throws IOException {
        Namespace.require();
        Path peer = peer();
        try (Namespace v4 = host("4", "192.0.2.10/24");
                Namespace v6 = host("6", "2001:db8::10/64")) {
            for (OwnGoldens.Golden golden : OwnGoldens.all()) {
                RandomFlags.Line line =
                        new RandomFlags.Line(golden.flags(backend), golden.environment());
                String theirs = (golden.ipv6() ? v6 : v4).in(() -> theirs(peer, line, backend));
                String text = theirs.substring(theirs.indexOf('\n') + 1);
                if (Boolean.getBoolean("attache.golden.write")) {
                    Files.writeString(golden.file(backend), text);
                }
                assertThat(exitLine(theirs)).isEqualTo("exit 0");
                assertThat(golden.file(backend)).hasContent(text);
            }
        }
    }

    /** What the original refuses is refused, with the same exit code. */
    @Test
    void refusesTheSame() throws IOException {
        Namespace.require();
        Path peer = peer();
        List<List<String>> lines =
                List.of(
                        List.of("--no-such-flag"),
                        List.of("-y"),
                        List.of("--iptables-probe-port", "70000"),
                        List.of("--probe-timeout", "soon"),
                        List.of("--dry-run=perhaps"),
                        List.of("-i", "10.0.0.0/33"),
                        List.of("-i", "10.0.0.0"),
                        List.of("-i", "010.0.0.0/8"),
                        List.of("-x", "*"),
                        List.of("-x", "fe80::1%eth0/64"),
                        List.of("--force-iptables-binary", "other"),
                        List.of("-p"));
        try (Namespace v4 = host("4", "192.0.2.10/24")) {
            for (List<String> flags : lines) {
                RandomFlags.Line line = withBackend(new RandomFlags.Line(flags, Map.of()), "");
                String theirs = v4.in(() -> theirs(peer, line, "iptables"));
                String ours = v4.in(() -> ours(line));
                assertThat(exitLine(ours)).as(flags.toString()).isEqualTo(exitLine(theirs));
                assertThat(exitLine(ours)).isNotEqualTo("exit 0");
            }
        }
    }

    private static String exitLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private static RandomFlags.Line withBackend(RandomFlags.Line line, String backend) {
        List<String> flags = new ArrayList<>(List.of("--dry-run"));
        if (backend.equals("nftables")) {
            flags.add("--native-nftables");
        }
        flags.addAll(line.flags());
        return new RandomFlags.Line(flags, line.environment());
    }

    private static Path peer() {
        String directory = System.getenv().getOrDefault("ATTACHE_PEERS", "/opt/peers");
        Path peer = Path.of(directory, "istio-iptables");
        assertThat(peer).as("run .ci/peers/istio-iptables.sh").isExecutable();
        return peer;
    }

    private static Namespace host(String hint, String... addresses) throws IOException {
        Namespace namespace = Namespace.create("c" + hint);
        namespace.ip("link add eth0 type veth peer name eth0peer");
        for (String address : addresses) {
            namespace.ip("addr add " + address + " dev eth0");
        }
        namespace.ip("link set eth0 up");
        namespace.ip("link set eth0peer up");
        return namespace;
    }

    /** The original, with an nft on its path that only writes down what it is told. */
    private String theirs(Path peer, RandomFlags.Line line, String backend) throws IOException {
        Path rules = scratch.resolve("rules");
        Files.deleteIfExists(rules);
        Path bin = Files.createDirectories(scratch.resolve("bin"));
        Path nft = bin.resolve("nft");
        if (!Files.exists(nft)) {
            Files.writeString(
                    nft,
                    "#!/bin/sh\n[ \"$1\" = --version ] && echo 'nftables v1.0.6 (fake)' && exit 0\n"
                            + "cat > "
                            + rules
                            + "\n");
            Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        Map<String, String> environment = new LinkedHashMap<>(line.environment());
        environment.put("PATH", bin + ":/usr/bin:/bin");
        if (!backend.equals("nftables")) {
            environment.put("DRY_RUN_FILE_PATH", rules.toString());
        }
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(peer.toString());
        command.addAll(line.flags());
        int exit = new HostPrograms().run(command, "", Map.of()).exit();
        return result(exit, rules);
    }

    private String ours(RandomFlags.Line line) throws IOException {
        Path rules = scratch.resolve("ours");
        Files.deleteIfExists(rules);
        Map<String, String> environment = new LinkedHashMap<>(line.environment());
        environment.put("DRY_RUN_FILE_PATH", rules.toString());
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        int exit =
                new IptablesCommand(new WithEnvironment(environment), new HostPrograms(), out, out)
                        .run(line.flags());
        return result(exit, rules);
    }

    private static String result(int exit, Path rules) throws IOException {
        return "exit " + exit + "\n" + (Files.exists(rules) ? Files.readString(rules) : "");
    }

    /** This machine with another environment. */
    private record WithEnvironment(Map<String, String> environment) implements Host {
        private static final LinuxHost LINUX = new LinuxHost();

        @Override
        public List<IpAddress> addresses() throws IOException {
            return LINUX.addresses();
        }

        @Override
        public List<String> nameServers() throws IOException {
            return LINUX.nameServers();
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
