package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.admin.stats.StatsPages;
import dev.attache.server.admin.stats.TagRules;
import dev.attache.server.flags.ServerOptions;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two proxies with a tunnel between them, as a waypoint and the proxy of a workload: each learns of
 * the other by the baggage of the tunnel's request and of its answer, and names it in Istio's
 * metrics. The first test is Istio's own (istio/proxy, {@code test/envoye2e/stats_plugin},
 * TestStatsWithBaggageWaypointProxy).
 */
final class TunnelledPeersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestCertificates CA = TestCertificates.authority("CN=mesh");
    private static final String HTTP = "10.0.0.9:8080";
    private static final String TCP = "10.0.0.9:9000";

    private static final String NODE =
            """
            node:
              id: %1$s
              cluster: mesh
              metadata: {WORKLOAD_NAME: %1$s-v1, NAMESPACE: %2$s, CLUSTER_ID: Kubernetes, NAME: %1$s-v1-x,
                OWNER: kubernetes://apis/apps/v1/namespaces/%2$s/deployments/%1$s-v1,
                LABELS: {app: %1$s, version: v1, service.istio.io/canonical-name: %1$s, service.istio.io/canonical-revision: v1}}
            bootstrap_extensions: [{name: i, typed_config: {"@type": @T/envoy.extensions.bootstrap.internal_listener.v3.InternalListener}}]
            """;

    static final String INTERNAL =
            """
            {name: i, typed_config: {"@type": @T/envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport, passthrough_metadata: [{kind: {host: {}}, name: envoy.filters.listener.original_dst}], transport_socket: {name: raw, typed_config: {"@type": @T/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}}\
            """
                    .strip();

    private static final String STATS =
            "{name: istio.stats, typed_config: {\"@type\": @T/stats.PluginConfig, tcp_reporting_duration: 0.02s%s}}";

    static final String ORIGINATING =
            """
            static_resources:
              listeners:
              - name: http
                traffic_direction: OUTBOUND
                address: {socket_address: {address: 127.0.0.1, port_value: @HTTP}}
                filter_chains:
                - filters:
                  - name: h
                    typed_config:
                      "@type": @T/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: out
                      route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: http}}]}]}
                      http_filters:
                      - {name: waypoint_peer_metadata, typed_config: {"@type": @T/io.istio.http.peer_metadata.Config, downstream_discovery: [{baggage: {}}], downstream_propagation: [{baggage: {}}], upstream_discovery: [{upstream_filter_state: {peer_metadata_key: upstream_peer}}]}}
                      - @STATS_WAYPOINT
                      - {name: r, typed_config: {"@type": @T/envoy.extensions.filters.http.router.v3.Router}}
              - name: tcp
                traffic_direction: OUTBOUND
                address: {socket_address: {address: 127.0.0.1, port_value: @TCP}}
                filter_chains:
                - filters:
                  - @STATS
                  - {name: t, typed_config: {"@type": @T/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: out, cluster: tcp}}
              - name: connect_originate
                internal_listener: {}
                listener_filters: [{name: d, typed_config: {"@type": @T/envoy.extensions.filters.listener.original_dst.v3.OriginalDst}}]
                filter_chains:
                - filters:
                  - {name: p, typed_config: {"@type": @T/envoy.extensions.network_filters.peer_metadata.Config, baggage_key: io.istio.baggage}}
                  - name: t
                    typed_config:
                      "@type": @T/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                      stat_prefix: connect_originate
                      cluster: connect_originate
                      tunneling_config:
                        hostname: "%DOWNSTREAM_LOCAL_ADDRESS%"
                        propagate_response_headers: true
                        headers_to_add: [{header: {key: baggage, value: "%FILTER_STATE(io.istio.baggage:PLAIN)%"}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}]
              clusters:
              - @CLUSTER_HTTP
              - @CLUSTER_TCP
              - name: connect_originate
                load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: @HBONE}}}}]}]}
                typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": @T/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {}}}}
                transport_socket: @TLS
            """;

    private static final String TERMINATING =
            """
            static_resources:
              listeners:
              - name: connect_terminate
                address: {socket_address: {address: 127.0.0.1, port_value: @HBONE}}
                filter_chains:
                - filters:
                  - name: h
                    typed_config:
                      "@type": @T/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: connect_terminate
                      http2_protocol_options: {allow_connect: true}
                      upgrade_configs: [{upgrade_type: CONNECT}]
                      route_config:
                        virtual_hosts:
                        - {name: h, domains: ["@AT_HTTP"], routes: [{match: {connect_matcher: {}}, route: {cluster: main_http, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}]}
                        - {name: t, domains: ["@AT_TCP"], routes: [{match: {connect_matcher: {}}, route: {cluster: main_tcp, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}]}
                      http_filters:
                      - {name: peer_metadata, typed_config: {"@type": @T/io.istio.http.peer_metadata.Config, downstream_discovery: [{baggage: {}}], downstream_propagation: [{baggage: {}}], shared_with_upstream: true}}
                      - {name: r, typed_config: {"@type": @T/envoy.extensions.filters.http.router.v3.Router}}
                  transport_socket: @TLS
              - name: main_http
                traffic_direction: INBOUND
                internal_listener: {}
                filter_chains:
                - filters:
                  - name: h
                    typed_config:
                      "@type": @T/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: in
                      route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: hello}}}]}]}
                      http_filters:
                      - @STATS
                      - {name: r, typed_config: {"@type": @T/envoy.extensions.filters.http.router.v3.Router}}
              - name: main_tcp
                traffic_direction: INBOUND
                internal_listener: {}
                filter_chains:
                - filters:
                  - @STATS
                  - {name: e, typed_config: {"@type": @T/envoy.extensions.filters.network.echo.v3.Echo}}
              clusters:
              - {name: main_http, load_assignment: {cluster_name: m, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: main_http}}}}]}]}, transport_socket: @INTERNAL}
              - {name: main_tcp, load_assignment: {cluster_name: m, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: main_tcp}}}}]}]}, transport_socket: @INTERNAL}
            """;

    private static AttacheServer originating;
    private static AttacheServer terminating;
    private static int http;
    private static int tcp;

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String quoted(byte[] pem) {
        return '"' + new String(pem, StandardCharsets.US_ASCII).replace("\n", "\\n") + '"';
    }

    static String tls(String identity, boolean server) {
        TestCertificates.Issued own = CA.leaf("CN=workload").uri(identity).issue();
        return ("{name: tls, typed_config: {\"@type\": @T/envoy.extensions.transport_sockets.tls.v3.%s,"
                        + " common_tls_context: {alpn_protocols: [h2], tls_certificates: [{certificate_chain: {inline_string: %s},"
                        + " private_key: {inline_string: %s}}], validation_context: {trusted_ca: {inline_string: %s}}}%s}}")
                .formatted(
                        server ? "DownstreamTlsContext" : "UpstreamTlsContext",
                        quoted(own.chainPem()),
                        quoted(own.keyPem()),
                        quoted(CA.pem()),
                        server ? ", require_client_certificate: true" : "");
    }

    private static String cluster(String name, String destination) {
        return ("{name: %1$s, filters: [{name: p, typed_config: {\"@type\": @T/envoy.extensions.network_filters.peer_metadata.UpstreamConfig}}],"
                        + " transport_socket: @INTERNAL, load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [{metadata: {filter_metadata:"
                        + " {envoy.filters.listener.original_dst: {local: \"%2$s\"}}}, endpoint: {address: {envoy_internal_address:"
                        + " {server_listener_name: connect_originate, endpoint_id: \"%2$s\"}}}}]}]}}")
                .formatted(name, destination);
    }

    static AttacheServer start(
            String workload, String namespace, String resources, String tls, int hbone)
            throws Exception {
        String yaml =
                (NODE.formatted(workload, namespace) + resources)
                        .replace("@CLUSTER_HTTP", cluster("http", HTTP))
                        .replace("@CLUSTER_TCP", cluster("tcp", TCP))
                        .replace("@TLS", tls)
                        .replace("@INTERNAL", INTERNAL)
                        .replace(
                                "@STATS_WAYPOINT",
                                STATS.formatted(
                                        ", disable_host_header_fallback: true, reporter: SERVER_GATEWAY"))
                        .replace("@STATS", STATS.formatted(""))
                        .replace("@AT_HTTP", HTTP)
                        .replace("@AT_TCP", TCP)
                        .replace("@HTTP", Integer.toString(http))
                        .replace("@TCP", Integer.toString(tcp))
                        .replace("@HBONE", Integer.toString(hbone))
                        .replace("@T/", "type.googleapis.com/");
        return AttacheServer.start(ServerOptions.builder().configYaml(yaml).concurrency(1).build());
    }

    @BeforeAll
    static void start() throws Exception {
        int hbone = free();
        http = free();
        tcp = free();
        terminating =
                start(
                        "api",
                        "stock",
                        TERMINATING,
                        tls("spiffe://cluster.local/ns/stock/sa/api", true),
                        hbone);
        originating =
                start(
                        "web",
                        "shop",
                        ORIGINATING,
                        tls("spiffe://cluster.local/ns/shop/sa/web", false),
                        hbone);
    }

    @AfterAll
    static void stop() {
        for (AttacheServer each : new AttacheServer[] {originating, terminating}) {
            if (each != null) {
                each.close();
            }
        }
    }

    /** Lines of a metric, once there are any. */
    static List<String> lines(AttacheServer server, String metric) throws Exception {
        StatsPages pages =
                new StatsPages(
                        server.stats(),
                        TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                        server.histogramBuckets());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<String> lines =
                    pages.prometheus(Map.of())
                            .body()
                            .lines()
                            .filter(line -> line.startsWith(metric + "{"))
                            .toList();
            if (!lines.isEmpty()) {
                return lines;
            }
            assertThat(System.nanoTime()).as(metric + " does not come").isLessThan(end);
            Thread.sleep(10);
        }
    }

    static String exchange(int port, String text, int answer) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            byte[] bytes = socket.getInputStream().readNBytes(answer);
            return new String(bytes, StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aWaypointNamesWhoAsksAndWhoAnswers() throws Exception {
        String baggage =
                "k8s.deployment.name=curl,service.name=curl,service.version=v1,k8s.namespace.name=default,"
                        + "k8s.cluster.name=curl-cluster,k8s.instance.name=curl-x";
        String request =
                "GET / HTTP/1.1\r\nhost: a\r\nbaggage: "
                        + baggage
                        + "\r\nconnection: close\r\n\r\n";
        assertThat(exchange(http, request, 4096)).startsWith("HTTP/1.1 200").endsWith("hello");
        assertThat(lines(originating, "istio_requests_total"))
                .singleElement()
                .asString()
                .contains("reporter=\"waypoint\"")
                .contains("source_workload=\"curl\"")
                .contains("source_canonical_revision=\"v1\"")
                .contains("source_workload_namespace=\"default\"")
                .contains("source_cluster=\"curl-cluster\"")
                .contains("destination_workload=\"api-v1\"")
                .contains("destination_workload_namespace=\"stock\"")
                .contains("destination_canonical_service=\"api\"")
                .contains("destination_app=\"api\"")
                .contains("destination_cluster=\"Kubernetes\"");
        assertThat(lines(terminating, "istio_requests_total"))
                .singleElement()
                .asString()
                .contains("reporter=\"destination\"")
                .contains("source_workload=\"web-v1\"")
                .contains("source_workload_namespace=\"shop\"")
                .contains("source_canonical_service=\"web\"")
                .contains("destination_workload=\"api-v1\"");
    }

    @Test
    void bothSidesOfATunnelledConnectionNameTheOther() throws Exception {
        assertThat(exchange(tcp, "twelve bytes", 12)).isEqualTo("twelve bytes");
        for (String metric :
                List.of(
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total")) {
            assertThat(lines(originating, metric))
                    .singleElement()
                    .asString()
                    .contains("reporter=\"source\"")
                    .contains("source_workload=\"web-v1\"")
                    .contains("destination_workload=\"api-v1\"")
                    .contains("destination_workload_namespace=\"stock\"")
                    .contains("destination_canonical_service=\"api\"");
            assertThat(lines(terminating, metric))
                    .singleElement()
                    .asString()
                    .contains("reporter=\"destination\"")
                    .contains("source_workload=\"web-v1\"")
                    .contains("source_workload_namespace=\"shop\"")
                    .contains("destination_workload=\"api-v1\"");
        }
    }
}
