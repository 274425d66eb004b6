package dev.attache.interception;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The real proxy in a pod, with the listeners that Istio gives a sidecar. */
final class Sidecar {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Player application;
    private final Process process;
    private final Path log;

    private Sidecar(Player application, Process process, Path log) {
        this.application = application;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one and waits until it is live.
     *
     * @param address the listeners' addresses, as YAML fields with the port left out as PORT
     */
    static Sidecar start(Pod pod, Player application, Way way, String address) throws IOException {
        return serve(pod, application, way, bootstrap(BOOTSTRAP, way, address));
    }

    /** One that connects to the application from the client's address, with Istio's mark. */
    static Sidecar startKeepingClients(Pod pod, Player application, String address)
            throws IOException {
        String template = BOOTSTRAP.replace("MORE_FILTERS", KEEPING_CLIENTS);
        template = template.replaceAll("    upstream_bind_config: .*\\n", "");
        return serve(pod, application, Way.TPROXY, bootstrap(template, Way.TPROXY, address));
    }

    private static Sidecar serve(Pod pod, Player application, Way way, String bootstrap)
            throws IOException {
        Path config = pod.space().directory().resolve("sidecar.yaml");
        Files.writeString(config, bootstrap);
        Path log = pod.space().directory().resolve("proxy.log");
        Process process =
                pod.space()
                        .start(
                                way.uid(),
                                way.gid(),
                                log,
                                "dev.attache.server.Attache",
                                "-c",
                                config.toString(),
                                "--concurrency",
                                "2");
        process.getInputStream().close();
        Sidecar sidecar = new Sidecar(application, process, log);
        sidecar.awaitLive();
        return sidecar;
    }

    private static String bootstrap(String template, Way way, String address) {
        return template.replace("TRANSPARENT", Boolean.toString(way == Way.TPROXY))
                .replace("MORE_FILTERS", "")
                .replace("OUTBOUND_ADDRESS", address.replace("PORT", "15001"))
                .replace("INBOUND_ADDRESS", address.replace("PORT", "15006"));
    }

    private void awaitLive() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!application.say("http 127.0.0.1 15000 /ready").contains("LIVE")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the proxy is not live: " + Files.readString(log));
            }
        }
    }

    /** The value of a counter or gauge, 0 where there is none. */
    long stat(String name) throws IOException {
        String all = application.say("http 127.0.0.1 15000 /stats");
        return Arrays.stream(all.split("\\|"))
                .filter(line -> line.startsWith(name + ": "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2).strip()))
                .sum();
    }

    /** Open file descriptors of the process. */
    long descriptors() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> links =
                Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path link : links) {
                count += link.getFileName().toString().isEmpty() ? 0 : 1;
            }
        }
        return count;
    }

    /** The guard's lines, once there are as many as expected, or none of them came in time. */
    List<String> errors(int expected) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        List<String> found;
        do {
            found =
                    Files.readAllLines(log).stream()
                            .filter(line -> line.contains("traffic loop refused"))
                            .toList();
        } while (found.size() < expected && System.nanoTime() < deadline);
        return found;
    }

    /** Everything it logged. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Ends it at once, as the kernel does when memory is short. */
    void kill() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private static final String KEEPING_CLIENTS =
            "- { name: client, typed_config: { \"@type\": type.googleapis.com/"
                    + "envoy.extensions.filters.listener.original_src.v3.OriginalSrc, mark: 1337 } }";

    private static final String BOOTSTRAP =
            """
            admin: { address: { socket_address: { address: 127.0.0.1, port_value: 15000 } } }
            static_resources:
              listeners:
              - name: virtualOutbound
            OUTBOUND_ADDRESS
                traffic_direction: OUTBOUND
                use_original_dst: true
                filter_chains:
                - name: virtualOutbound-blackhole
                  filter_chain_match: { destination_port: 15001 }
                  filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: BlackHoleCluster
                      cluster: BlackHoleCluster
                - name: virtualOutbound-catchall-tcp
                  filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: PassthroughCluster
                      cluster: PassthroughCluster
              - name: virtualInbound
            INBOUND_ADDRESS
                traffic_direction: INBOUND
                transparent: TRANSPARENT
                listener_filters:
                - name: envoy.filters.listener.original_dst
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst }
                MORE_FILTERS
                filter_chains:
                - name: virtualInbound-blackhole
                  filter_chain_match: { destination_port: 15006 }
                  filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: BlackHoleCluster
                      cluster: BlackHoleCluster
                - name: virtualInbound-ipv4
                  filter_chain_match: { prefix_ranges: [{ address_prefix: 0.0.0.0, prefix_len: 0 }] }
                  filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: InboundPassthroughCluster
                      cluster: InboundPassthroughCluster
                - name: virtualInbound-ipv6
                  filter_chain_match: { prefix_ranges: [{ address_prefix: "::0", prefix_len: 0 }] }
                  filters:
                  - name: tcp
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: InboundPassthroughCluster
                      cluster: InboundPassthroughClusterIpv6
              clusters:
              - { name: BlackHoleCluster, type: STATIC, connect_timeout: 10s }
              - { name: PassthroughCluster, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED, connect_timeout: 10s }
              - name: InboundPassthroughCluster
                type: ORIGINAL_DST
                lb_policy: CLUSTER_PROVIDED
                connect_timeout: 10s
                upstream_bind_config: { source_address: { address: 127.0.0.6, port_value: 0 } }
              - name: InboundPassthroughClusterIpv6
                type: ORIGINAL_DST
                lb_policy: CLUSTER_PROVIDED
                connect_timeout: 10s
                upstream_bind_config: { source_address: { address: "::6", port_value: 0 } }
            """;
}
