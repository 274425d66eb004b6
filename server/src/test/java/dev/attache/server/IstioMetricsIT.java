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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two sidecars with Istio's stock filters and mutual TLS between them: what the one that calls and
 * the one that is called tell Prometheus, and what dashboards ask of both.
 */
final class IstioMetricsIT {

    private static final String CLIENT_ID = "spiffe://cluster.local/ns/shop/sa/web";
    private static final String SERVER_ID = "spiffe://cluster.local/ns/stock/sa/api";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TestCertificates CA = TestCertificates.authority("CN=mesh");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{(.*)\\} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final String NODE =
            """
            node:
              id: sidecar
              cluster: mesh
              metadata: {WORKLOAD_NAME: %1$s-v1, NAMESPACE: %2$s, CLUSTER_ID: Kubernetes, ISTIO_VERSION: 1.31.0,
                OWNER: kubernetes://apis/apps/v1/namespaces/%2$s/deployments/%1$s-v1,
                LABELS: {app: %1$s, version: v1, service.istio.io/canonical-name: %1$s, service.istio.io/canonical-revision: v1}}
            """;

    private static final String HTTP =
            """
            name: hcm
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: %1$s
              route_config:
                virtual_hosts:
                - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: "%2$s"}}]}
              http_filters:
              - {name: istio.metadata_exchange, typed_config: {"@type": type.googleapis.com/io.istio.http.peer_metadata.Config, %3$s}}
              - {name: grpc_stats, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig, emit_filter_state: true, stats_for_all_methods: false}}
              - {name: istio.stats, typed_config: {"@type": type.googleapis.com/stats.PluginConfig}}
              - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
            """;

    private static final String H2 =
            """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            """;

    private static EchoService application;
    private static AttacheServer called;
    private static AttacheServer calling;
    private static List<Sample> ofCalled = List.of();
    private static List<Sample> ofCalling = List.of();

    /** One line of the page. */
    private record Sample(String name, Map<String, String> labels, String value) {

        static List<Sample> all(String page) {
            List<Sample> samples = new ArrayList<>();
            page.lines()
                    .forEach(line -> {
                        Matcher sample = SAMPLE.matcher(line);
                        if (sample.matches()) {
                            samples.add(
                                    new Sample(
                                            sample.group(1),
                                            labels(sample.group(2)),
                                            sample.group(3)));
                        }
                    });
            return samples;
        }

        private static Map<String, String> labels(String text) {
            Map<String, String> labels = new java.util.LinkedHashMap<>();
            Matcher label = LABEL.matcher(text);
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            return labels;
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String indented(String yaml, int spaces) {
        return yaml.indent(spaces).stripLeading();
    }

    private static String tls(String identity, String context, String alpn) {
        TestCertificates.Issued own = CA.leaf("CN=sidecar").uri(identity).issue();
        return """
        {name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.%s,
          common_tls_context: {alpn_protocols: [%s],
            tls_certificates: [{certificate_chain: {inline_string: %s}, private_key: {inline_string: %s}}],
            validation_context: {trusted_ca: {inline_string: %s}}}%s}}
        """
                .formatted(
                        context,
                        alpn,
                        quoted(own.chainPem()),
                        quoted(own.keyPem()),
                        quoted(CA.pem()),
                        context.startsWith("Down") ? ", require_client_certificate: true" : "")
                .replace("\n", " ");
    }

    private static String quoted(byte[] pem) {
        return '"' + new String(pem, StandardCharsets.US_ASCII).replace("\n", "\\n") + '"';
    }

    private static String listener(String direction, int port, String socket, String... filters) {
        StringBuilder yaml =
                new StringBuilder(
                        """
                          - name: %1$s_%2$d
                            traffic_direction: %1$s
                            address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}
                            filter_chains:
                            - %3$s
                              filters:
                        """
                                .formatted(
                                        direction,
                                        port,
                                        socket.isEmpty()
                                                ? "name: plain"
                                                : "transport_socket: " + socket));
        for (String filter : filters) {
            yaml.append("      - ").append(indented(filter, 8));
        }
        return yaml.toString();
    }

    private static String cluster(String name, int port, String more) {
        return """
          - name: "%1$s"
            metadata: {filter_metadata: {istio: {services: [{host: api.stock.svc.cluster.local, name: api, namespace: stock}]}}}
            load_assignment: {cluster_name: "%1$s", endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}}}]}]}
        """
                        .formatted(name, port)
                + more.indent(4);
    }

    private static String exchange(String name) {
        return "{name: "
                + name
                + ", typed_config: {\"@type\":"
                + " type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange,"
                + " protocol: istio-peer-exchange}}";
    }

    private static String tcp(String cluster) {
        return """
        {name: tcp, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: "%s"}}
        """
                .formatted(cluster);
    }

    private static AttacheServer start(String workload, String namespace, String... parts) {
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(NODE.formatted(workload, namespace) + String.join("", parts))
                        .concurrency(1)
                        .build();
        try {
            return AttacheServer.start(options);
        } catch (Exception e) {
            throw new IllegalStateException(options.configYaml(), e);
        }
    }

    @BeforeAll
    static void play() throws Exception {
        application = new EchoService();
        int echo = free();
        int inbound = free();
        int inboundTcp = free();
        String stats =
                "{name: istio.stats, typed_config: {\"@type\": type.googleapis.com/stats.PluginConfig,"
                        + " tcp_reporting_duration: 0.02s}}\n";
        called =
                start(
                        "api",
                        "stock",
                        "static_resources:\n  listeners:\n",
                        listener(
                                "INBOUND",
                                inbound,
                                tls(SERVER_ID, "DownstreamTlsContext", "h2"),
                                HTTP.formatted(
                                        "in",
                                        "inbound|80||",
                                        "downstream_discovery: [{istio_headers: {}}],"
                                                + " downstream_propagation: [{istio_headers: {}}]")),
                        listener(
                                "INBOUND",
                                inboundTcp,
                                tls(SERVER_ID, "DownstreamTlsContext", "istio-peer-exchange"),
                                exchange("istio.metadata_exchange") + "\n",
                                stats,
                                tcp("inbound|90||")),
                        listener(
                                "UNSPECIFIED",
                                echo,
                                "",
                                "{name: echo, typed_config: {\"@type\":"
                                        + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}\n"),
                        "  clusters:\n",
                        cluster("inbound|80||", application.port(), H2),
                        cluster("inbound|90||", echo, ""));
        int outbound = free();
        int outboundTcp = free();
        calling =
                start(
                        "web",
                        "shop",
                        "static_resources:\n  listeners:\n",
                        listener(
                                "OUTBOUND",
                                outbound,
                                "",
                                HTTP.formatted(
                                        "out",
                                        "outbound|80||api",
                                        "upstream_discovery: [{istio_headers: {}}],"
                                                + " upstream_propagation: [{istio_headers: {}}]")),
                        listener("OUTBOUND", outboundTcp, "", stats, tcp("outbound|90||api")),
                        "  clusters:\n",
                        cluster(
                                "outbound|80||api",
                                inbound,
                                H2
                                        + "transport_socket: "
                                        + tls(CLIENT_ID, "UpstreamTlsContext", "h2")
                                        + "\n"),
                        cluster(
                                "outbound|90||api",
                                inboundTcp,
                                "filters: ["
                                        + exchange("istio.metadata_exchange")
                                        + "]\ntransport_socket: "
                                        + tls(
                                                CLIENT_ID,
                                                "UpstreamTlsContext",
                                                "istio-peer-exchange")
                                        + "\n"));
        try (EchoService.Client client = new EchoService.Client(outbound)) {
            assertThat(client.unary("hello")).isEqualTo("hello");
        }
        try (Http1Session session = new Http1Session(outbound)) {
            assertThat(session.get("/missing").status()).isEqualTo(415);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), outboundTcp)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write("twelve bytes".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(12)).hasSize(12);
            // While it is open: the peers are known.
            awaitSent(called);
            awaitSent(calling);
        }
        ofCalled = settled(called);
        ofCalling = settled(calling);
    }

    private static void awaitSent(AttacheServer server) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (server.stats().counters().stream()
                .noneMatch(counter ->
                        counter.name().startsWith("istiocustom.istio_tcp_sent_bytes_total.")
                                && counter.value() == 12)) {
            assertThat(System.nanoTime()).as("not reported while it is open").isLessThan(end);
            Thread.sleep(5);
        }
    }

    /** The page once the last connection is counted. */
    private static List<Sample> settled(AttacheServer server) throws Exception {
        StatsPages pages =
                new StatsPages(
                        server.stats(),
                        TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                        server.histogramBuckets());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<Sample> samples = Sample.all(pages.prometheus(Map.of()).body());
            if (count(samples, "istio_tcp_connections_closed_total") == 1
                    && count(samples, "istio_requests_total") == 2) {
                return samples;
            }
            assertThat(System.nanoTime()).as("not counted: " + samples).isLessThan(end);
            Thread.sleep(10);
        }
    }

    private static long count(List<Sample> samples, String name) {
        return samples.stream().filter(sample -> sample.name.equals(name)).count();
    }

    @AfterAll
    static void stop() {
        if (calling != null) {
            calling.close();
        }
        if (called != null) {
            called.close();
        }
        if (application != null) {
            application.close();
        }
    }

    private static Sample only(List<Sample> samples, String name, String protocol) {
        return samples.stream()
                .filter(sample -> sample.name.equals(name))
                .filter(sample -> protocol.equals(sample.labels.get("request_protocol")))
                .reduce((a, b) -> {
                    throw new AssertionError(name + " twice: " + a + b);
                })
                .orElseThrow(() -> new AssertionError(name + " is not there"));
    }

    private static void knowsBothEnds(Sample sample, String reporter, String security) {
        assertThat(sample.labels)
                .containsEntry("reporter", reporter)
                .containsEntry("source_workload", "web-v1")
                .containsEntry("source_canonical_service", "web")
                .containsEntry("source_canonical_revision", "v1")
                .containsEntry("source_workload_namespace", "shop")
                .containsEntry("source_principal", CLIENT_ID)
                .containsEntry("source_app", "web")
                .containsEntry("source_version", "v1")
                .containsEntry("source_cluster", "Kubernetes")
                .containsEntry("destination_workload", "api-v1")
                .containsEntry("destination_workload_namespace", "stock")
                .containsEntry("destination_principal", SERVER_ID)
                .containsEntry("destination_app", "api")
                .containsEntry("destination_version", "v1")
                .containsEntry("destination_service", "api.stock.svc.cluster.local")
                .containsEntry("destination_canonical_service", "api")
                .containsEntry("destination_canonical_revision", "v1")
                .containsEntry("destination_service_name", "api")
                .containsEntry("destination_service_namespace", "stock")
                .containsEntry("destination_cluster", "Kubernetes")
                .containsEntry("response_flags", "-")
                .containsEntry("connection_security_policy", security);
    }

    @Test
    void bothSidesTellTheSameOfARequest() {
        for (String protocol : List.of("grpc", "http")) {
            Sample source = only(ofCalling, "istio_requests_total", protocol);
            Sample destination = only(ofCalled, "istio_requests_total", protocol);
            knowsBothEnds(source, "source", "unknown");
            knowsBothEnds(destination, "destination", "mutual_tls");
            assertThat(source.value).isEqualTo("1");
            assertThat(destination.value).isEqualTo("1");
            boolean grpc = protocol.equals("grpc");
            assertThat(source.labels)
                    .hasSize(25)
                    .containsEntry("response_code", grpc ? "200" : "415")
                    .containsEntry("grpc_response_status", grpc ? "0" : "");
        }
        for (List<Sample> side : List.of(ofCalling, ofCalled)) {
            assertThat(side)
                    .filteredOn(sample -> sample.name.endsWith("_messages_total"))
                    .filteredOn(sample -> sample.name.startsWith("istio_"))
                    .hasSize(2)
                    .allMatch(sample -> sample.value.equals("1"))
                    .allMatch(sample -> sample.labels.size() == 20);
        }
    }

    @Test
    void bothSidesTellTheSameOfAConnection() {
        for (String metric :
                List.of(
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total",
                        "istio_tcp_sent_bytes_total",
                        "istio_tcp_received_bytes_total")) {
            Sample source = only(ofCalling, metric, "tcp");
            Sample destination = only(ofCalled, metric, "tcp");
            knowsBothEnds(source, "source", "unknown");
            knowsBothEnds(destination, "destination", "mutual_tls");
            String value = metric.contains("bytes") ? "12" : "1";
            assertThat(source.value).isEqualTo(value);
            assertThat(destination.value).isEqualTo(value);
            assertThat(source.labels).hasSize(23);
        }
    }

    @Test
    void theBuildIsTold() {
        assertThat(ofCalled)
                .filteredOn(sample -> sample.name.equals("istio_build"))
                .containsExactly(
                        new Sample(
                                "istio_build", Map.of("component", "proxy", "tag", "1.31.0"), "1"));
    }

    /** Dashboards select and group by labels that are there. */
    @ParameterizedTest
    @MethodSource("dev.attache.server.DashboardQueries#all")
    void dashboardsFindWhatTheyAskFor(String metric, Set<String> labels) {
        for (List<Sample> side : List.of(ofCalling, ofCalled)) {
            assertThat(side)
                    .filteredOn(sample -> sample.name.equals(metric))
                    .isNotEmpty()
                    .allSatisfy(sample -> assertThat(sample.labels.keySet()).containsAll(labels));
        }
    }
}
