package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shape of Istio's HBONE: a listener leads to an internal listener, which opens a tunnel in
 * HTTP/2 over mutual TLS; the other proxy ends the tunnel and leads to an internal listener, and
 * that to the application.
 */
@Tag("conformance")
final class HboneIT {

    private static final String API = "type.googleapis.com/envoy.extensions.";
    private static final String INTERNAL =
            "bootstrap_extensions: [{name: envoy.bootstrap.internal_listener, typed_config:"
                    + " {'@type': "
                    + API
                    + "bootstrap.internal_listener.v3.InternalListener, buffer_size_kb: 64}}]";
    private static final String RAW =
            "{name: raw, typed_config: {'@type': "
                    + API
                    + "transport_sockets.raw_buffer.v3.RawBuffer}}";

    private static final Pattern OPEN =
            Pattern.compile(
                    "(downstream_(cx|rq|pre_cx)_active|upstream_rq_(pending_)?active"
                            + "|upstream_flush_active|bytes_buffered): ");

    @TempDir private Path directory;

    /** Sends back what it gets, and ends when the client has. */
    private static final class Application implements AutoCloseable {

        private final ServerSocket server =
                new ServerSocket(0, 512, InetAddress.getLoopbackAddress());

        Application() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private static void serve(Socket socket) {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            } catch (IOException e) {
                // Reset by the proxy: what the client saw is what the test judges.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    /** Two proxies, one at each end of the tunnels. */
    private final class Mesh implements AutoCloseable {

        private final Application application = new Application();
        private final int entry = Ports.free();
        private final int hbone = Ports.free();
        private final int[] admins = {Ports.free(), Ports.free()};
        private final Path log;
        private final List<ProxyProcess> proxies = new ArrayList<>();

        Mesh(String name, Path originating, Path terminating) throws Exception {
            Path work = Files.createDirectories(directory.resolve(name));
            Certificates keys = new Certificates(Files.createDirectories(work.resolve("keys")));
            Path first = Files.createDirectories(work.resolve("terminating"));
            Path second = Files.createDirectories(work.resolve("originating"));
            log = first.resolve("access.log");
            proxies.add(start(terminating, first, admins[0], terminating(keys)));
            proxies.add(start(originating, second, admins[1], originating(keys)));
        }

        private ProxyProcess start(Path binary, Path work, int admin, String resources)
                throws Exception {
            String config =
                    """
                    admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
                    node: {id: id, cluster: cluster}
                    %s
                    static_resources:
                    %s
                    """
                            .formatted(admin, INTERNAL, resources.indent(2));
            return ProxyProcess.start(
                    binary,
                    Files.writeString(work.resolve("envoy.yaml"), config),
                    work,
                    admin,
                    List.of());
        }

        private String originating(Certificates keys) {
            return """
            listeners:
            - name: entry
              address: {socket_address: {address: 127.0.0.1, port_value: %1$d}}
              filter_chains: [{filters: [{name: t, typed_config: {'@type': %2$sfilters.network.tcp_proxy.v3.TcpProxy, stat_prefix: entry, cluster: service}}]}]
            - name: connect_originate
              internal_listener: {}
              listener_filters: [{name: d, typed_config: {'@type': %2$sfilters.listener.original_dst.v3.OriginalDst}}]
              filter_chains: [{filters: [{name: t, typed_config: {'@type': %2$sfilters.network.tcp_proxy.v3.TcpProxy, stat_prefix: connect_originate, cluster: connect_originate, tunneling_config: {hostname: "%%DYNAMIC_METADATA(tunnel:destination)%%", headers_to_add: [{header: {key: baggage, value: here}}]}}}]}]
            clusters:
            - name: service
              type: STATIC
              transport_socket: {name: i, typed_config: {'@type': %2$stransport_sockets.internal_upstream.v3.InternalUpstreamTransport, passthrough_metadata: [{kind: {host: {}}, name: tunnel}, {kind: {host: {}}, name: envoy.filters.listener.original_dst}], transport_socket: %3$s}}
              load_assignment:
                cluster_name: service
                endpoints: [{lb_endpoints: [{metadata: {filter_metadata: {tunnel: {destination: "10.0.0.9:8080"}, envoy.filters.listener.original_dst: {local: "127.0.0.1:8080"}}}, endpoint: {address: {envoy_internal_address: {server_listener_name: connect_originate, endpoint_id: "10.0.0.9:8080"}}}}]}]
            - name: connect_originate
              type: ORIGINAL_DST
              lb_policy: CLUSTER_PROVIDED
              original_dst_lb_config: {upstream_port_override: %4$d}
              typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {'@type': %2$supstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {}}}}
              transport_socket: {name: tls, typed_config: {'@type': %2$stransport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: {alpn_protocols: [h2], tls_certificates: [{certificate_chain: {filename: "%5$s"}, private_key: {filename: "%6$s"}}], validation_context: {trusted_ca: {filename: "%7$s"}}}}}
            """
                    .formatted(
                            entry,
                            API,
                            RAW,
                            hbone,
                            keys.chain("client"),
                            keys.key("client"),
                            keys.chain("ca"));
        }

        private String terminating(Certificates keys) {
            return """
            listeners:
            - name: connect_terminate
              address: {socket_address: {address: 127.0.0.1, port_value: %1$d}}
              filter_chains:
              - filters:
                - name: h
                  typed_config:
                    '@type': %2$sfilters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: connect_terminate
                    codec_type: HTTP2
                    http2_protocol_options: {allow_connect: true}
                    upgrade_configs: [{upgrade_type: CONNECT}]
                    route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {connect_matcher: {}}, route: {cluster: main_internal, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}]}]}
                    http_filters: [{name: r, typed_config: {'@type': %2$sfilters.http.router.v3.Router}}]
                    access_log: [{name: l, typed_config: {'@type': %2$saccess_loggers.file.v3.FileAccessLog, path: "%3$s", log_format: {text_format_source: {inline_string: "%%REQ(:METHOD)%% %%REQ(:AUTHORITY)%% %%REQ(BAGGAGE)%% %%PROTOCOL%% %%DOWNSTREAM_PEER_URI_SAN%% %%RESPONSE_CODE%%\\n"}}}}]
                transport_socket:
                  name: tls
                  typed_config:
                    '@type': %2$stransport_sockets.tls.v3.DownstreamTlsContext
                    require_client_certificate: true
                    common_tls_context: {alpn_protocols: [h2], tls_certificates: [{certificate_chain: {filename: "%4$s"}, private_key: {filename: "%5$s"}}], validation_context: {trusted_ca: {filename: "%6$s"}}}
            - name: main_internal
              internal_listener: {}
              filter_chains: [{filters: [{name: t, typed_config: {'@type': %2$sfilters.network.tcp_proxy.v3.TcpProxy, stat_prefix: main_internal, cluster: application}}]}]
            clusters:
            - {name: main_internal, type: STATIC, load_assignment: {cluster_name: m, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: main_internal}}}}]}]}}
            - {name: application, type: STATIC, load_assignment: {cluster_name: a, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %7$d}}}}]}]}}
            """
                    .formatted(
                            hbone,
                            API,
                            log,
                            keys.chain("server"),
                            keys.key("server"),
                            keys.chain("ca"),
                            application.server.getLocalPort());
        }

        /** What comes back for {@code sent} when the client ends behind it. */
        byte[] exchange(byte[] sent) throws Exception {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), entry)) {
                socket.setSoTimeout(20_000);
                Thread writer =
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        socket.getOutputStream().write(sent);
                                        socket.shutdownOutput();
                                    } catch (IOException e) {
                                        // The reader says what has come back.
                                        return;
                                    }
                                });
                byte[] back = socket.getInputStream().readAllBytes();
                writer.join();
                return back;
            }
        }

        /** A tunnel that is left in the middle, in one way or another. */
        void abandon(Random random) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), entry)) {
                socket.setSoTimeout(20_000);
                switch (random.nextInt(4)) {
                    case 0 -> socket.setSoLinger(true, 0);
                    case 1 -> {
                        socket.getOutputStream().write(new byte[random.nextInt(200_000)]);
                        socket.setSoLinger(true, 0);
                    }
                    case 2 -> {
                        socket.getOutputStream().write(1);
                        InputStream in = socket.getInputStream();
                        in.read();
                        socket.setSoLinger(true, 0);
                    }
                    default -> {
                        socket.getOutputStream().write(1);
                        socket.getInputStream().read();
                    }
                }
            } catch (IOException reset) {
                // What it did to the proxies is seen in their statistics.
                return;
            }
        }

        /** Gauges of what is open beside the connection that is kept for the next tunnel. */
        String left() {
            StringBuilder left = new StringBuilder();
            for (int admin : admins) {
                String page = PeerProcess.http("GET", admin, "/stats?usedonly");
                page.lines()
                        .filter(line -> OPEN.matcher(line).find() && !line.endsWith(": 0"))
                        .filter(line -> !line.contains("admin"))
                        .filter(line -> !line.contains("http.connect_terminate.downstream_cx"))
                        .filter(line -> !line.startsWith("listener.127.0.0.1_" + hbone))
                        .forEach(line -> left.append(line).append('\n'));
            }
            return left.toString();
        }

        @Override
        public void close() throws Exception {
            for (ProxyProcess proxy : proxies) {
                proxy.close();
            }
            application.close();
        }
    }

    private String seen(String name, Path originating, Path terminating) throws Exception {
        try (Mesh mesh = new Mesh(name, originating, terminating)) {
            byte[] big = new byte[3_000_000];
            new Random(1).nextBytes(big);
            assertThat(mesh.exchange("hello".getBytes(StandardCharsets.US_ASCII)))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("hello");
            assertThat(mesh.exchange(big)).isEqualTo(big);
            PeerProcess.eventually(
                    Duration.ofSeconds(20),
                    () -> {
                        try {
                            return Files.readString(mesh.log).lines().count() == 2;
                        } catch (IOException e) {
                            return false;
                        }
                    });
            return Files.readString(mesh.log);
        }
    }

    @Test
    void aTunnelBetweenEveryPair() throws Exception {
        String reference = seen("envoy", Peers.envoy(), Peers.envoy());
        assertThat(reference)
                .contains(
                        "CONNECT 10.0.0.9:8080 here HTTP/2 spiffe://mesh.test/ns/a/sa/client 200");
        assertThat(seen("ours-envoy", Peers.subject(), Peers.envoy())).isEqualTo(reference);
        assertThat(seen("envoy-ours", Peers.envoy(), Peers.subject())).isEqualTo(reference);
        assertThat(seen("ours", Peers.subject(), Peers.subject())).isEqualTo(reference);
    }

    /** Many tunnels, most of them left in the middle: nothing stays open. */
    @Test
    void abandonedTunnelsLeaveNothing() throws Exception {
        try (Mesh mesh = new Mesh("abandoned", Peers.subject(), Peers.subject())) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Random random = new Random(i);
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    for (int n = 0; n < 25; n++) {
                                        try {
                                            mesh.abandon(random);
                                        } catch (IOException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    }
                                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(mesh.exchange("still".getBytes(StandardCharsets.US_ASCII)))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("still");
            PeerProcess.eventually(Duration.ofSeconds(30), () -> mesh.left().isEmpty());
            assertThat(mesh.left()).isEmpty();
            assertThat(mesh.proxies).allMatch(ProxyProcess::alive);
        }
    }
}
