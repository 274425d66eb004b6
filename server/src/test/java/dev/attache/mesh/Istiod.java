package dev.attache.mesh;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Ports;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A running control plane of Istio and the objects that it configures proxies from. */
abstract class Istiod implements AutoCloseable {
    private final int xds = Ports.free();
    private final int secure = Ports.free();
    private final int http = Ports.free();
    private final String version;
    private final PeerProcess process;

    /**
     * Starts it and waits until proxies can reach it, which is later than its first answer: what
     * istiod has read from files by then is there at its start, and such workloads never become
     * endpoints.
     *
     * @param version of its proxies
     * @param program of that version
     * @param arguments more than its ports
     */
    Istiod(
            String version,
            Path directory,
            Path program,
            Map<String, String> environment,
            List<String> arguments,
            Duration patience)
            throws IOException, InterruptedException {
        this.version = version;
        List<String> command = new ArrayList<>(List.of(program.toString(), "discovery"));
        command.addAll(arguments);
        command.addAll(
                List.of(
                        "--domain=cluster.local",
                        "--grpcAddr=127.0.0.1:" + xds,
                        "--secureGRPCAddr=127.0.0.1:" + secure,
                        "--httpAddr=127.0.0.1:" + http,
                        "--monitoringAddr=127.0.0.1:" + Ports.free(),
                        "--ctrlz_port=" + Ports.free()));
        process = PeerProcess.start(Files.createDirectories(directory), environment, command);
        if (!PeerProcess.eventually(patience, () -> listens() && !debug("syncz").isEmpty())) {
            String log = process.log();
            process.close();
            throw new IOException("istiod did not start:\n" + log);
        }
    }

    /** The version that its proxies have. */
    final String version() {
        return version;
    }

    /** The port that proxies ask in plain text. */
    final int xds() {
        return xds;
    }

    /** The port that agents ask, with their tokens. */
    final int secure() {
        return secure;
    }

    /** The port with the pages for debugging. */
    final int http() {
        return http;
    }

    abstract void apply(List<Map<String, Object>> objects) throws IOException, InterruptedException;

    abstract void delete(List<Map<String, Object>> objects)
            throws IOException, InterruptedException;

    final String log() throws IOException {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean listens() {
        try (Socket socket = new Socket("127.0.0.1", xds)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    final String debug(String page) {
        return PeerProcess.http("GET", http(), "/debug/" + page);
    }

    /** What istiod's page {@code syncz} says of a node. */
    record Sync(String clusters, String listeners, List<String> refused, boolean waiting) {}

    /** By the ends of the nodes' ids; empty where istiod does not answer. */
    final Map<String, Sync> syncs() {
        Map<String, Sync> all = new TreeMap<>();
        String page = debug("syncz");
        for (Object each : page.isEmpty() ? List.of() : Tree.list(Tree.parse(page))) {
            Map<String, Object> proxy = Tree.map(each);
            List<String> refused = new ArrayList<>();
            boolean[] waiting = {false};
            Tree.map(proxy.get("resources"))
                    .forEach((type, value) -> {
                        Map<String, Object> status = Tree.map(value);
                        String error = Tree.text(status.get("lastError"), "");
                        if (!error.isEmpty()) {
                            refused.add(type.substring(type.lastIndexOf('.') + 1) + ": " + error);
                        } else if (!Tree.text(status.get("sent"), "")
                                .equals(Tree.text(status.get("acked"), ""))) {
                            waiting[0] = true;
                        }
                    });
            all.put(
                    String.valueOf(proxy.get("proxy")),
                    new Sync(
                            Tree.text(proxy.get("cluster_sent"), ""),
                            Tree.text(proxy.get("listener_sent"), ""),
                            List.copyOf(refused),
                            waiting[0]));
        }
        return all;
    }
}
