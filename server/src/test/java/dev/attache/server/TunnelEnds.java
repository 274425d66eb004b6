package dev.attache.server;

/**
 * Configurations of the two ends of a tunnel, as Istio's of a waypoint and of the proxy of a
 * workload.
 */
final class TunnelEnds {
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

    /** The transport socket of a cluster of internal listeners. */
    static final String INTERNAL =
            """
            {name: i, typed_config: {"@type": @T/envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport, passthrough_metadata: [{kind: {host: {}}, name: envoy.filters.listener.original_dst}], transport_socket: {name: raw, typed_config: {"@type": @T/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}}\
            """
                    .strip();

    private static final String STATS =
            "{name: istio.stats, typed_config: {\"@type\": @T/stats.PluginConfig, tcp_reporting_duration: 0.02s%s}}";

    private static final String ORIGINATING =
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

    private TunnelEnds() {}

    /**
     * The end of the workload {@code web} of {@code shop}: what comes at two ports goes into the
     * tunnel.
     *
     * @param http the port for requests
     * @param tcp the port for connections
     * @param hbone the port of the other end
     */
    static String originating(int http, int tcp, int hbone) {
        return filled(NODE.formatted("web", "shop") + ORIGINATING, hbone)
                .replace("@CLUSTER_HTTP", cluster("http", HTTP))
                .replace("@CLUSTER_TCP", cluster("tcp", TCP))
                .replace("@TLS", MeshTls.calling(MeshTls.WEB, "h2"))
                .replace("@HTTP", Integer.toString(http))
                .replace("@TCP", Integer.toString(tcp))
                .replace("@INTERNAL", INTERNAL)
                .replace("@T/", "type.googleapis.com/");
    }

    /**
     * The end of the workload {@code api} of {@code stock}, which answers requests with {@code
     * hello} and sends back what connections bring.
     *
     * @param hbone its port
     */
    static String terminating(int hbone) {
        return filled(NODE.formatted("api", "stock") + TERMINATING, hbone)
                .replace("@TLS", MeshTls.called(MeshTls.API, "h2"))
                .replace("@AT_HTTP", HTTP)
                .replace("@AT_TCP", TCP)
                .replace("@INTERNAL", INTERNAL)
                .replace("@T/", "type.googleapis.com/");
    }

    private static String filled(String yaml, int hbone) {
        return yaml.replace(
                        "@STATS_WAYPOINT",
                        STATS.formatted(
                                ", disable_host_header_fallback: true, reporter: SERVER_GATEWAY"))
                .replace("@STATS", STATS.formatted(""))
                .replace("@HBONE", Integer.toString(hbone));
    }

    private static String cluster(String name, String destination) {
        return ("{name: %1$s, filters: [{name: p, typed_config: {\"@type\": @T/envoy.extensions.network_filters.peer_metadata.UpstreamConfig}}],"
                        + " transport_socket: @INTERNAL, load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [{metadata: {filter_metadata:"
                        + " {envoy.filters.listener.original_dst: {local: \"%2$s\"}}}, endpoint: {address: {envoy_internal_address:"
                        + " {server_listener_name: connect_originate, endpoint_id: \"%2$s\"}}}}]}]}}")
                .formatted(name, destination);
    }
}
