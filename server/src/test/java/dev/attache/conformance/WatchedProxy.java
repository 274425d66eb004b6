package dev.attache.conformance;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A proxy with the configuration of {@code prometheus/proxy.yaml}, a control plane of its own, and
 * clients that keep it busy. Its owner closes it.
 */
final class WatchedProxy implements AutoCloseable {

    private final Map<String, String> places = new LinkedHashMap<>();
    private final ScriptedDiscovery discovery = new ScriptedDiscovery();
    private final List<Socket> held = new ArrayList<>();
    private final Connector connector;
    private final Path pressure;
    private final Map<String, Object> file;
    private ProxyProcess process;

    /**
     * @param places what the file's placeholders stand for, but for the proxy's own ports
     */
    WatchedProxy(Path directory, Map<String, String> places, Connector connector)
            throws IOException {
        this.places.putAll(places);
        this.connector = connector;
        this.pressure = Files.writeString(directory.resolve("pressure"), "0");
        this.places.put("pressure", pressure.toString());
        this.places.put("xds", String.valueOf(discovery.port()));
        for (String port : "admin web tls tight soon ended lossy waiting".split(" ")) {
            this.places.put(port, String.valueOf(Ports.free()));
        }
        Path source = Peers.root().resolve("server/src/test/resources/prometheus/proxy.yaml");
        this.file = Tree.map(Tree.replace(Tree.parse(Files.readString(source)), this::place));
    }

    private String place(String name) {
        String value = places.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no place " + name);
        }
        return value;
    }

    int port(String name) {
        return Integer.parseInt(place(name));
    }

    /** Starts it and sends what is well. */
    void start(Path binary, Path directory) throws IOException, InterruptedException {
        discovery.listen();
        Path config =
                Files.writeString(
                        directory.resolve("proxy.json"), Tree.json(file.get("bootstrap"), false));
        process =
                ProxyProcess.launch(binary, config, directory, port("admin"), List.of(), Map.of());
        Map<String, Object> health = Tree.map(file.get("health"));
        expect(discovery.awaitStream(0, "Cluster"), "asks for clusters");
        expect(send("Cluster", Cluster.getDefaultInstance(), health.get("clusters")), "takes them");
        expect(discovery.awaitAsked("ClusterLoadAssignment", appCluster(health)), "endpoints");
        send(
                "ClusterLoadAssignment",
                ClusterLoadAssignment.getDefaultInstance(),
                health.get("endpoints"));
        expect(discovery.awaitStream(0, "Listener"), "asks for listeners");
        expect(send("Listener", Listener.getDefaultInstance(), health.get("listeners")), "listens");
        expect(discovery.awaitAsked("RouteConfiguration", "web"), "asks for routes");
        expect(
                send(
                        "RouteConfiguration",
                        RouteConfiguration.getDefaultInstance(),
                        health.get("routes")),
                "takes routes");
    }

    private static String appCluster(Map<String, Object> health) {
        return Tree.text(Tree.map(Tree.list(health.get("clusters")).getFirst()).get("name"), "");
    }

    private void expect(boolean done, String what) throws IOException {
        if (!done) {
            throw new IOException("the proxy does not: " + what + "\n" + process.log());
        }
    }

    private boolean send(String type, Message prototype, Object... resources)
            throws InterruptedException {
        List<ScriptedDiscovery.Named> all =
                Stream.of(resources)
                        .flatMap(each -> Tree.list(each).stream())
                        .map(each ->
                                new ScriptedDiscovery.Named(
                                        "",
                                        ScriptedDiscovery.read(Tree.json(each, false), prototype)))
                        .toList();
        return discovery.send(type, all, List.of()).equals("ack");
    }

    /** A few requests and connections of each kind. */
    void traffic() throws Exception {
        for (String path : List.of("/items", "/secure", "/denied")) {
            ChildProxy.get(port("web"), path);
        }
        try (Socket socket =
                connector.open(port("tls"), Map.of("tls", Map.of("sni", "server.test")))) {
            ChildProxy.send(socket, "/items", "close");
            expect(socket.getInputStream().read() >= 0, "answers over TLS");
        }
    }

    /** Everything that there is an alert for and a test can make. */
    void trouble() throws Exception {
        Map<String, Object> health = Tree.map(file.get("health"));
        Map<String, Object> trouble = Tree.map(file.get("trouble"));
        Cluster cluster = Cluster.getDefaultInstance();
        expect(
                send("Cluster", cluster, health.get("clusters"), trouble.get("clusters")),
                "clusters");
        expect(
                send(
                        "Listener",
                        Listener.getDefaultInstance(),
                        health.get("listeners"),
                        trouble.get("listeners")),
                "listeners");
        expect(
                !send(
                        "Cluster",
                        cluster,
                        health.get("clusters"),
                        trouble.get("clusters"),
                        trouble.get("refused")),
                "refuses");
        Files.writeString(pressure.resolveSibling("pressure.new"), "1");
        Files.move(
                pressure.resolveSibling("pressure.new"),
                pressure,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        hold(port("web"), "/narrow", 1);
        hold(port("web"), "", 33);
        hold(port("tight"), "", 3);
        ChildProxy.get(port("web"), "/blocked");
    }

    /** More trouble, as a stream of it: what is counted by rates. */
    void troubledTraffic() throws Exception {
        traffic();
        for (int i = 0; i < 100; i++) {
            ChildProxy.get(port("web"), "/failing");
        }
        ChildProxy.get(port("web"), "/narrow");
        ChildProxy.get(port("lossy"), "/");
        hold(port("tight"), "", 1);
    }

    /** The control plane goes, and somebody fails the health check. */
    void abandon() throws Exception {
        discovery.stop();
        process.admin("POST", "/healthcheck/fail");
    }

    /** Connections that stay open, with a request each where there is a path. */
    private void hold(int port, String path, int many) throws IOException {
        for (int i = 0; i < many; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            held.add(socket);
            if (!path.isEmpty()) {
                ChildProxy.send(socket, path, "keep-alive");
            }
        }
    }

    String log() throws IOException {
        return process.log();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Socket socket : held) {
            socket.close();
        }
        if (process != null) {
            process.close();
        }
        discovery.close();
    }
}
