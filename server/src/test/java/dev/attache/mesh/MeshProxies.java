package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.conformance.ProxyProcess;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Running proxies of a mesh, with what serves their secrets. */
final class MeshProxies implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private interface Log {
        String read() throws IOException;
    }

    private interface End {
        void come() throws InterruptedException;
    }

    private record Running(MeshNode node, int admin, Log log, End end) {}

    private final Path directory;
    private final TestCertificates authority;
    private final List<WorkloadSecrets> secrets = new ArrayList<>();
    private final Map<String, Running> all = new LinkedHashMap<>();

    MeshProxies(Path directory, TestCertificates authority) {
        this.directory = directory;
        this.authority = authority;
    }

    /** Starts a proxy, with a certificate of its own, without waiting for it. */
    void start(Path binary, MeshNode node, Istiod istiod) throws IOException {
        start(binary, node, istiod, "DELTA_GRPC", istiod.xds());
    }

    /** The same, which asks in this manner, and another port than istiod's own. */
    void start(Path binary, MeshNode node, Istiod istiod, String manner, int xds)
            throws IOException {
        WorkloadSecrets own = new WorkloadSecrets(authority, node.identity());
        secrets.add(own);
        int admin = Ports.free();
        String loopback = MeshNode.loopback(xds);
        String keys = MeshNode.loopback(own.port());
        launch(
                binary,
                node,
                admin,
                node.bootstrap(istiod.version(), admin, manner, loopback, keys));
    }

    /** Starts a proxy with secrets of others and this port for its admin interface. */
    void start(Path binary, MeshNode node, Istiod istiod, WorkloadSecrets others, int admin)
            throws IOException {
        String xds = MeshNode.loopback(istiod.xds());
        String keys = MeshNode.loopback(others.port());
        launch(binary, node, admin, node.bootstrap(istiod.version(), admin, xds, keys));
    }

    private void launch(Path binary, MeshNode node, int admin, String bootstrap)
            throws IOException {
        Path work = Files.createDirectories(directory.resolve(node.name()));
        Path config = work.resolve("envoy.yaml");
        Files.writeString(config, bootstrap);
        List<String> arguments = List.of("--skip-deprecated-logs");
        ProxyProcess process =
                ProxyProcess.launch(binary, config, work, admin, arguments, Map.of());
        all.put(node.name(), new Running(node, admin, process::log, process::close));
    }

    /** A proxy that an agent has started, and ends. */
    void add(MeshNode node, IstioAgent agent) {
        all.put(node.name(), new Running(node, agent.admin(), agent::log, agent::close));
    }

    List<MeshNode> nodes() {
        return all.values().stream().map(Running::node).toList();
    }

    /** A page of a proxy's admin interface; empty where it does not answer yet. */
    String admin(MeshNode node, String page) {
        return PeerProcess.http("GET", all.get(node.name()).admin(), page);
    }

    boolean ready() {
        return nodes().stream().allMatch(node -> admin(node, "/ready").contains("LIVE"));
    }

    /**
     * Waits until istiod's last word has reached all of them.
     *
     * @param before what istiod said before the change; each node is to be sent clusters again
     * @param seen says so where every proxy has taken what it was sent
     * @return what was refused or not answered, by istiod's word
     */
    List<String> settle(Istiod istiod, Map<String, Istiod.Sync> before, BooleanSupplier seen)
            throws InterruptedException {
        List<Map<String, Istiod.Sync>> last = new ArrayList<>(List.of(Map.of()));
        int[] quiet = {0};
        boolean settled =
                PeerProcess.eventually(
                        PATIENCE,
                        () -> {
                            Map<String, Istiod.Sync> now = istiod.syncs();
                            boolean same = now.equals(last.getFirst()) && pushed(before, now);
                            quiet[0] = same ? quiet[0] + 1 : 0;
                            last.set(0, now);
                            boolean taken =
                                    now.values().stream()
                                            .allMatch(each -> each.refused().isEmpty());
                            return quiet[0] >= (taken ? 2 : 15) && (!taken || seen.getAsBoolean());
                        });
        List<String> lines = new ArrayList<>();
        last.getFirst()
                .forEach((node, sync) ->
                        sync.refused()
                                .forEach(error ->
                                        error.lines()
                                                .forEach(line -> {
                                                    String reason =
                                                            node
                                                                    + " ... "
                                                                    + line.substring(
                                                                            Math.max(
                                                                                    0,
                                                                                    line.indexOf(
                                                                                            ": ")));
                                                    if (!lines.contains(reason)) {
                                                        lines.add(reason);
                                                    }
                                                })));
        if (!settled) {
            lines.add("not settled: " + last.getFirst());
        }
        return lines;
    }

    /** All are connected, have been sent clusters again, and have answered what they were sent. */
    private boolean pushed(Map<String, Istiod.Sync> before, Map<String, Istiod.Sync> now) {
        for (MeshNode node : nodes()) {
            Istiod.Sync old = before.get(node.key());
            Istiod.Sync current = now.get(node.key());
            if (current == null || current.waiting() || current.listeners().isEmpty()) {
                return false;
            }
            // A waypoint is sent the clusters of what it serves, and those do not change.
            boolean same = old != null && current.clusters().equals(old.clusters());
            if (same && !node.type().equals("waypoint")) {
                return false;
            }
        }
        return true;
    }

    /** Counters of refused updates that are not zero. */
    List<String> refusals() {
        List<String> lines = new ArrayList<>();
        for (MeshNode node : nodes()) {
            admin(node, "/stats?usedonly&filter=update_rejected")
                    .lines()
                    .filter(line -> !line.endsWith(": 0"))
                    .forEach(line -> lines.add(node.name() + " " + line));
        }
        return lines;
    }

    String log(MeshNode node) throws IOException {
        return all.get(node.name()).log().read();
    }

    @Override
    public void close() throws InterruptedException {
        for (Running each : all.values()) {
            each.end().come();
        }
        for (WorkloadSecrets each : secrets) {
            each.close();
        }
    }
}
