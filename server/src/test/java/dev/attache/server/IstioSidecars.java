package dev.attache.server;

import dev.attache.conformance.Ports;
import dev.attache.server.flags.ServerOptions;

/**
 * Two sidecars with Istio's stock filters and mutual TLS between them, in this process: {@code web}
 * of {@code shop} calls, {@code api} of {@code stock} is called.
 */
final class IstioSidecars implements AutoCloseable {
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

    private static final String STATS =
            "{name: istio.stats, typed_config: {\"@type\": type.googleapis.com/stats.PluginConfig,"
                    + " tcp_reporting_duration: 0.02s}}\n";

    private static final String EXCHANGE =
            "{name: istio.metadata_exchange, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange,"
                    + " protocol: istio-peer-exchange}}";

    private final int inbound = Ports.free();
    private final int inboundTcp = Ports.free();
    private final int outbound = Ports.free();
    private final int outboundTcp = Ports.free();
    private final AttacheServer called;
    private final AttacheServer calling;

    /**
     * Starts both.
     *
     * @param application the port that answers requests, by HTTP/2
     */
    IstioSidecars(int application) {
        called = startCalled(application);
        try {
            calling = startCalling();
        } catch (RuntimeException e) {
            called.close();
            throw e;
        }
    }

    /** Requests to it go to the application. */
    int outbound() {
        return outbound;
    }

    /** What comes to it is sent back by the other side. */
    int outboundTcp() {
        return outboundTcp;
    }

    AttacheServer called() {
        return called;
    }

    AttacheServer calling() {
        return calling;
    }

    private AttacheServer startCalled(int application) {
        int echo = Ports.free();
        return start(
                "api",
                "stock",
                "static_resources:\n  listeners:\n",
                listener(
                        "INBOUND",
                        inbound,
                        MeshTls.called(MeshTls.API, "h2"),
                        HTTP.formatted(
                                "in",
                                "inbound|80||",
                                "downstream_discovery: [{istio_headers: {}}],"
                                        + " downstream_propagation: [{istio_headers: {}}]")),
                listener(
                        "INBOUND",
                        inboundTcp,
                        MeshTls.called(MeshTls.API, "istio-peer-exchange"),
                        EXCHANGE + "\n",
                        STATS,
                        tcp("inbound|90||")),
                listener(
                        "UNSPECIFIED",
                        echo,
                        "",
                        "{name: echo, typed_config: {\"@type\":"
                                + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}\n"),
                "  clusters:\n",
                cluster("inbound|80||", application, H2),
                cluster("inbound|90||", echo, ""));
    }

    private AttacheServer startCalling() {
        return start(
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
                listener("OUTBOUND", outboundTcp, "", STATS, tcp("outbound|90||api")),
                "  clusters:\n",
                cluster(
                        "outbound|80||api",
                        inbound,
                        H2 + "transport_socket: " + MeshTls.calling(MeshTls.WEB, "h2") + "\n"),
                cluster(
                        "outbound|90||api",
                        inboundTcp,
                        "filters: ["
                                + EXCHANGE
                                + "]\ntransport_socket: "
                                + MeshTls.calling(MeshTls.WEB, "istio-peer-exchange")
                                + "\n"));
    }

    private static String indented(String yaml, int spaces) {
        return yaml.indent(spaces).stripLeading();
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

    @Override
    public void close() {
        calling.close();
        called.close();
    }
}
