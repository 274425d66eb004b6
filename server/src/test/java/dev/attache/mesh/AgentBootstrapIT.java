package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import dev.attache.interception.Space;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Istio's agent and ours in the same surroundings, with a program in the proxy's place that keeps
 * what it is given and ends: bootstrap, command line and the bootstrap of proxyless gRPC are the
 * same. What ours writes is taken by the real Envoy and by Attache. Surroundings with a {@code
 * network} are a network namespace whose one interface has these addresses.
 */
@Tag("conformance")
final class AgentBootstrapIT {

    private static final String PROXY =
            """
            #!/bin/sh
            printf '%s\\n' "$@" > "$KEPT/arguments"
            while [ $# -gt 0 ]; do
              [ "$1" = -c ] && cp "$2" "$KEPT/bootstrap.json"
              shift
            done
            cp etc/istio/proxy/grpc-bootstrap.json "$KEPT/grpc.json"
            """;

    /**
     * Settings, metadata and flags that came after the older one, and what it had in their place:
     * docs/compatibility.md.
     */
    private static final Set<String> SINCE_OLDER =
            Set.of(
                    "ISTIO_VERSION",
                    "DNS_PROXY_ADDR",
                    "ENABLE_SELF_DISCOVERY",
                    "ENVOY_SECURE_METRICS_PORT",
                    "ENVOY_SECURE_MERGED_METRICS_PORT",
                    "connectionSettings",
                    "fileFlushInterval",
                    "fileFlushMinSizeKb",
                    "statsCompression",
                    "--file-flush-interval-msec",
                    "--file-flush-min-size-kb",
                    "overload.global_downstream_max_connections",
                    "envoy.reloadable_features.fixed_heap_use_allocated",
                    "envoy.reloadable_features.coalesce_lb_rebuilds_on_batch_update");

    private static final TestCertificates AUTHORITY = TestCertificates.authority("CN=mesh");

    @TempDir private Path directory;

    private final int status = Ports.free();
    private final int admin = Ports.free();

    /** What a proxy was given. */
    private record Kept(String bootstrap, List<String> arguments, String grpc, Path place) {}

    /**
     * Ours has the current one's template; that of the older one is given to both, as an image or a
     * user of it has it.
     */
    @TestFactory
    List<DynamicTest> theSameAsIstios() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (IstioRelease release : IstioRelease.values()) {
            Path template = release.chart().resolve("envoy_bootstrap.json");
            Assumptions.assumeTrue(
                    Files.isExecutable(release.agent()) && Files.isReadable(template),
                    "Istio's agent is not installed: run .ci/peers/kube.sh");
            for (Map<String, Object> one : cases()) {
                boolean older = release == IstioRelease.OLDER;
                if (older && one.containsKey("since")) {
                    continue;
                }
                Map<String, Object> theirs = with(Files.readString(template), one);
                tests.add(
                        DynamicTest.dynamicTest(
                                release.version() + " " + Tree.text(one.get("name"), ""),
                                () ->
                                        same(
                                                older ? SINCE_OLDER : Set.of(),
                                                run(
                                                        older ? theirs : one,
                                                        Peers.subject().toString(),
                                                        "agent"),
                                                run(theirs, release.agent().toString()))));
            }
        }
        return tests;
    }

    private static Map<String, Object> with(String template, Map<String, Object> one) {
        Map<String, Object> files = new HashMap<>(Tree.map(one.get("files")));
        files.put("var/lib/istio/envoy/envoy_bootstrap_tmpl.json", template);
        Map<String, Object> all = new HashMap<>(one);
        all.put("files", files);
        return all;
    }

    @TestFactory
    List<DynamicTest> isTakenByBoth() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map<String, Object> one : cases()) {
            String name = Tree.text(one.get("name"), "");
            tests.add(DynamicTest.dynamicTest(name, () -> taken(one)));
        }
        return tests;
    }

    private void taken(Map<String, Object> one) throws IOException, InterruptedException {
        Kept ours = run(one, Peers.subject().toString(), "agent");
        List<String> arguments = new ArrayList<>(ours.arguments());
        arguments.set(1, ours.place().resolve("kept/bootstrap.json").toString());
        arguments.add("--mode");
        arguments.add("validate");
        if (!ours.bootstrap().contains("load_stats_config")) { // refused by name here
            validate(ours, Peers.subject(), arguments);
        }
        // Envoy as its authors build it has not the extension by which Istio's knows its peers.
        if (!ours.bootstrap().contains("istio.workload.BootstrapExtension")) {
            validate(ours, Peers.envoy(), arguments);
        }
    }

    private static void validate(Kept kept, Path program, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Path log = kept.place().resolve("validation.log");
        Process process =
                new ProcessBuilder(command)
                        .directory(kept.place().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(program + ": " + Files.readString(log)).isZero();
    }

    private void same(Set<String> but, Kept ours, Kept theirs) {
        assertThat(arguments(ours, but)).isEqualTo(arguments(theirs, but));
        assertThat(normal(ours.bootstrap(), but)).isEqualTo(normal(theirs.bootstrap(), but));
        assertThat(normal(ours.grpc(), but)).isEqualTo(normal(theirs.grpc(), but));
    }

    private static List<String> arguments(Kept kept, Set<String> but) {
        List<String> all = new ArrayList<>(kept.arguments());
        for (int i = all.size() - 2; i >= 0; i--) {
            if (but.contains(all.get(i))) {
                all.subList(i, i + 2).clear();
            }
        }
        return all;
    }

    private static String normal(String text, Set<String> but) {
        return Tree.json(normal(Tree.parse(text), true, but), true);
    }

    /** Names of fields in both spellings, and wrappers in both, are the same to Envoy. */
    private static @org.jspecify.annotations.Nullable Object normal(
            @org.jspecify.annotations.Nullable Object value, boolean fields, Set<String> but) {
        if (value instanceof List<?> list) {
            return list.stream().map(item -> normal(item, fields, but)).toList();
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, Object> map = Tree.map(value);
        if (map.size() == 1 && map.get("value") instanceof Number number) {
            return number;
        }
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((name, item) -> {
            boolean free = name.equals("metadata") || name.equals("static_layer");
            Object inner = normal(item, fields && !free, but);
            // The null of a Go struct in the bootstrap of gRPC says nothing.
            if (inner != null && !name.equals("UserAgentVersionType") && !but.contains(name)) {
                result.put(fields && !name.contains(".") ? snake(name) : name, inner);
            }
        });
        return result;
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private Kept run(Map<String, Object> one, String... program)
            throws IOException, InterruptedException {
        Path place = Files.createTempDirectory(directory, "agent");
        List<String> network = Tree.strings(one.get("network"));
        if (network.isEmpty()) {
            return run(one, place, List.of(), program);
        }
        String obstacle = Space.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        try (Space space = Space.make("agent", place)) {
            space.cable(space, "eth0", "eth1");
            space.plug("eth1", List.of());
            space.plug("eth0", network);
            return run(one, place, space.entering(0, 0), program);
        }
    }

    private Kept run(Map<String, Object> one, Path place, List<String> entering, String... program)
            throws IOException, InterruptedException {
        Path kept = Files.createDirectory(place.resolve("kept"));
        Path proxy = directory.resolve("proxy");
        if (!Files.exists(proxy)) {
            Files.writeString(proxy, PROXY);
            assertThat(proxy.toFile().setExecutable(true)).isTrue();
        }
        write(
                place.resolve("var/run/secrets/istio/root-cert.pem"),
                new String(AUTHORITY.pem(), StandardCharsets.US_ASCII));
        for (Map.Entry<String, Object> file : Tree.map(one.get("files")).entrySet()) {
            write(place.resolve(file.getKey()), filled(file.getValue()));
        }
        List<String> command = new ArrayList<>(entering);
        command.addAll(List.of(program));
        command.add("proxy");
        command.addAll(Tree.strings(one.get("arguments")));
        if (program.length > 1) {
            command.add("--separate");
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(place.toFile());
        surroundings(one, builder.environment(), proxy, kept);
        Path log = place.resolve("agent.log");
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(left(place)).as("what stays when the agent has ended").isEmpty();
        return new Kept(
                Files.readString(kept.resolve("bootstrap.json")),
                Files.readAllLines(kept.resolve("arguments")),
                Files.readString(kept.resolve("grpc.json")),
                place);
    }

    private static List<Path> left(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place.resolve("etc/istio/proxy"))) {
            return files.filter(file -> !file.endsWith("grpc-bootstrap.json"))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private void surroundings(
            Map<String, Object> one, Map<String, String> variables, Path proxy, Path kept) {
        String path = variables.getOrDefault("PATH", "");
        String java = variables.getOrDefault("JAVA_HOME", "");
        variables.clear();
        variables.put("PATH", path);
        if (!java.isEmpty()) {
            variables.put("JAVA_HOME", java);
        }
        variables.put("CLOUD_PLATFORM", "none");
        variables.put("POD_NAME", "p");
        variables.put("POD_NAMESPACE", "ns");
        variables.put("INSTANCE_IP", "127.0.0.9");
        variables.put("KEPT", kept.toString());
        Tree.map(one.get("variables")).forEach((name, value) -> variables.put(name, filled(value)));
        Map<String, Object> config =
                new LinkedHashMap<>(
                        Tree.map(Tree.parse(variables.getOrDefault("PROXY_CONFIG", "{}"))));
        config.put("binaryPath", proxy.toString());
        config.put("proxyAdminPort", admin);
        config.put("statusPort", status);
        variables.put("PROXY_CONFIG", Tree.json(config, false));
    }

    private String filled(Object value) {
        return value.toString().replace("${PORT}", Integer.toString(status));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static List<Map<String, Object>> cases() throws IOException {
        Path file = Peers.root().resolve("server/src/test/resources/mesh/agent-bootstrap.yaml");
        return Tree.list(Tree.parse(Files.readString(file))).stream().map(Tree::map).toList();
    }
}
