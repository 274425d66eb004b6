package dev.attache.conformance;

import java.util.Map;

/** Bootstraps of the tests with other people's control planes and load generators, as YAML. */
final class PeerBootstraps {
    private PeerBootstraps() {}

    private static final String HTTP2 =
            """
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            """;

    /** Everything from one aggregated stream, as a mesh's sidecar has it. */
    static String ads(int admin, int xds, String apiType, String node) {
        return """
        node:
          %s
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        dynamic_resources:
          lds_config: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
          cds_config: {ads: {}, initial_fetch_timeout: 0s, resource_api_version: V3}
          ads_config:
            api_type: %s
            set_node_on_first_message_only: true
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: xds-grpc}}]
        static_resources:
          clusters:
          - name: xds-grpc
            alt_stat_name: xds-grpc;
            type: STATIC
            connect_timeout: 1s
        %s
            load_assignment: {cluster_name: xds-grpc, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
        """
                .formatted(node, admin, apiType, HTTP2.indent(4).stripTrailing(), xds);
    }

    /**
     * One listener; every request is forwarded over HTTP/2, or answered directly without an
     * upstream.
     */
    static String forward(int admin, int listener, int upstream) {
        String action =
                upstream == 0
                        ? "direct_response: {status: 200, body: {inline_string: hello}}"
                        : "route: {cluster: up, timeout: 0s, max_stream_duration:"
                                + " {grpc_timeout_header_max: 0s}}";
        return """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        static_resources:
          listeners:
          - name: main
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
              - name: hcm
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: main
                  route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: "/"}, %s}]}]}
                  http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
          clusters:
          - name: up
            type: STATIC
        %s
            load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
        """
                .formatted(
                        admin,
                        listener,
                        action,
                        HTTP2.indent(4).stripTrailing(),
                        Math.max(1, upstream));
    }

    private static final String MANAGER =
            """
            - name: hcm
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: main
                route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [%s]}]}
                http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
            """;

    private static final String ALL_TO_UP = "{match: {prefix: \"/\"}, route: {cluster: up}}";

    private static String cluster(String name, int port, boolean http2) {
        return """
        - name: %s
          type: STATIC
        %s
          load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
        """
                .formatted(name, http2 ? HTTP2.indent(2).stripTrailing() : "", name, port);
    }

    /** The same routes in the clear and over TLS; everything goes to an HTTP/1 upstream. */
    static String clearAndTls(
            int admin, int clear, int tls, int upstream, Certificates certificates) {
        String manager = MANAGER.formatted(ALL_TO_UP).indent(6).stripTrailing();
        return """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        static_resources:
          listeners:
          - name: clear
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
        %s
          - name: tls
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  common_tls_context:
                    alpn_protocols: [h2]
                    tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}]
              filters:
        %s
          clusters:
        %s
        """
                .formatted(
                        admin,
                        clear,
                        manager,
                        tls,
                        certificates.chain("server"),
                        certificates.key("server"),
                        manager,
                        cluster("up", upstream, false).indent(2).stripTrailing());
    }

    /**
     * One listener; {@code /NAME} goes to the upstream of that name, everything else is held by one
     * that never answers.
     *
     * @param upstreams ports of HTTP/2 upstreams by name
     */
    static String hostile(int admin, int listener, int silent, Map<String, Integer> upstreams) {
        StringBuilder routes = new StringBuilder();
        StringBuilder clusters = new StringBuilder(cluster("up", silent, false).indent(2));
        upstreams.forEach((name, port) -> {
            routes.append("{match: {path: \"/%s\"}, route: {cluster: %s}}, ".formatted(name, name));
            clusters.append(cluster(name, port, true).indent(2));
        });
        return """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        static_resources:
          listeners:
          - name: main
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
        %s
          clusters:
        %s
        """
                .formatted(
                        admin,
                        listener,
                        (MANAGER.formatted(routes + ALL_TO_UP)
                                        + "    delayed_close_timeout: 0.2s\n")
                                .indent(6)
                                .stripTrailing(),
                        clusters.toString().stripTrailing());
    }
}
