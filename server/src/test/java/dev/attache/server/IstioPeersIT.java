package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Ports;
import dev.attache.server.flags.ServerOptions;
import dev.attache.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Istio's extensions over real connections, the proxy at both ends: who is told of whom over TCP,
 * what TLS offers for requests, and who is looked up by the address.
 */
final class IstioPeersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String CONFIG =
            """
            node: {id: sidecar~1, cluster: mesh, metadata: {NAMESPACE: shop, WORKLOAD_NAME: cart, CLUSTER_ID: east}}
            bootstrap_extensions:
            - {name: metadata_discovery, typed_config: {"@type": @STRUCT, type_url: @T/istio.workload.BootstrapExtension,
                value: {config_source: {path_config_source: {path: @DIR/workloads.yaml}}}}}
            static_resources:
              clusters:
              - name: tcp
                connect_timeout: 5s
                load_assignment: {cluster_name: tcp, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: @PORT_IN}}}}]}]}
                transport_socket: {name: tls, typed_config: {"@type": @T/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: {alpn_protocols: [istio-peer-exchange, istio]}}}
                filters: [@EXCHANGE]
              - name: http
                connect_timeout: 5s
                load_assignment: {cluster_name: http, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: @HTTP_IN}}}}]}]}
                transport_socket: {name: tls, typed_config: {"@type": @T/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, common_tls_context: {}}}
              listeners:
              - name: tcp_out
                address: {socket_address: {address: 127.0.0.1, port_value: @PORT_OUT}}
                filter_chains:
                - filters:
                  - {name: t, typed_config: {"@type": @T/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: tcp,
                      access_log: [{name: f, typed_config: {"@type": @T/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: @DIR/out.log,
                        log_format: {text_format_source: {inline_string: "%UPSTREAM_FILTER_STATE(upstream_peer_obj:FIELD:workload)%\\n"}}}}]}}
              - name: tcp_in
                address: {socket_address: {address: 127.0.0.1, port_value: @PORT_IN}}
                access_log: [{name: f, typed_config: {"@type": @T/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: @DIR/in.log,
                  log_format: {text_format_source: {inline_string: "%FILTER_STATE(downstream_peer_obj:FIELD:workload)%\\n"}}}}]
                filter_chains:
                - transport_socket: @SERVER
                  filters:
                  - @EXCHANGE
                  - {name: e, typed_config: {"@type": @T/envoy.extensions.filters.network.echo.v3.Echo}}
              - name: http_out
                address: {socket_address: {address: 127.0.0.1, port_value: @HTTP_OUT}}
                filter_chains:
                - filters:
                  - name: h
                    typed_config:
                      "@type": @T/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: out
                      route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: http}}]}]}
                      access_log:
                      - name: f
                        filter: {extension_filter: {name: c, typed_config: {"@type": @T/envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter,
                          expression: "filter_state.downstream_peer.namespace == 'shop' && filter_state['upstream_peer'].workload == 'cart'"}}}
                        typed_config: {"@type": @T/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: @DIR/http.log,
                          log_format: {text_format_source: {inline_string: "%FILTER_STATE(downstream_peer_obj:FIELD:workload)% %FILTER_STATE(upstream_peer_obj)%\\n"}}}
                      http_filters:
                      - {name: istio.metadata_exchange, typed_config: {"@type": @STRUCT, type_url: @T/io.istio.http.peer_metadata.Config,
                          value: {downstream_discovery: [{istio_headers: {}}, {workload_discovery: {}}], upstream_discovery: [{istio_headers: {}}], upstream_propagation: [{istio_headers: {}}]}}}
                      - {name: istio.alpn, typed_config: {"@type": @T/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig,
                          alpn_override: [{upstream_protocol: HTTP11, alpn_override: [istio-http/1.1, istio]}]}}
                      - {name: r, typed_config: {"@type": @T/envoy.extensions.filters.http.router.v3.Router}}
              - name: http_in
                address: {socket_address: {address: 127.0.0.1, port_value: @HTTP_IN}}
                listener_filters: [{name: i, typed_config: {"@type": @T/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}]
                filter_chains:
                - filter_chain_match: {application_protocols: [istio-http/1.1]}
                  transport_socket: @SERVER
                  filters:
                  - name: h
                    typed_config:
                      "@type": @T/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: in
                      route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: hello}}}]}]}
                      http_filters:
                      - {name: istio.metadata_exchange, typed_config: {"@type": @STRUCT, type_url: @T/io.istio.http.peer_metadata.Config,
                          value: {downstream_discovery: [{istio_headers: {}}], downstream_propagation: [{istio_headers: {}}]}}}
                      - {name: r, typed_config: {"@type": @T/envoy.extensions.filters.http.router.v3.Router}}
            """;

    private static final String WORKLOADS =
            """
            version_info: "1"
            resources:
            - {"@type": type.googleapis.com/istio.workload.Workload, uid: a, name: pod-1, namespace: shop, workload_name: web, addresses: [fwAAAQ==]}
            """;

    @TempDir Path directory;
    private @Nullable AttacheServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private static String serverTls() {
        TestCertificates.Issued own = TestCertificates.selfSigned("CN=sidecar");
        return ("{name: tls, typed_config: {\"@type\": @T/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,"
                        + " common_tls_context: {alpn_protocols: [istio-peer-exchange, istio-http/1.1, http/1.1], tls_certificates:"
                        + " [{certificate_chain: {inline_string: %s}, private_key: {inline_string: %s}}]}}}")
                .formatted(MeshTls.quoted(own.certificatePem()), MeshTls.quoted(own.keyPem()));
    }

    /** Starts the proxy with free ports for its four listeners. */
    private AttacheServer start(int tcp, int http) throws Exception {
        Files.writeString(directory.resolve("workloads.yaml"), WORKLOADS);
        String exchange =
                "{name: istio.metadata_exchange, typed_config: {\"@type\": @STRUCT, type_url:"
                        + " @T/envoy.tcp.metadataexchange.config.MetadataExchange, value: {protocol: istio-peer-exchange}}}";
        String yaml =
                CONFIG.replace("@EXCHANGE", exchange)
                        .replace("@SERVER", serverTls())
                        .replace("@STRUCT", "type.googleapis.com/udpa.type.v1.TypedStruct")
                        .replace("@PORT_OUT", Integer.toString(tcp))
                        .replace("@PORT_IN", Integer.toString(Ports.free()))
                        .replace("@T", "type.googleapis.com")
                        .replace("@HTTP_OUT", Integer.toString(http))
                        .replace("@HTTP_IN", Integer.toString(Ports.free()))
                        .replace("@DIR", directory.toString());
        AttacheServer started =
                AttacheServer.start(
                        ServerOptions.builder().configYaml(yaml).concurrency(1).build());
        server = started;
        return started;
    }

    private List<String> log(String name) throws Exception {
        Path file = directory.resolve(name);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file) || Files.size(file) == 0) {
            assertThat(System.nanoTime()).as("%s is empty", file).isLessThan(end);
            Thread.sleep(20);
        }
        return Files.readAllLines(file);
    }

    @Test
    void bothEndsOfAConnectionKnowEachOther() throws Exception {
        int port = Ports.free();
        AttacheServer started = start(port, Ports.free());
        assertThat(TcpExchange.once(port, "ping", 4)).isEqualTo("ping");
        assertThat(log("out.log")).containsExactly("cart");
        assertThat(log("in.log")).containsExactly("cart");
        assertThat(started.stats().counter("metadata_exchange.alpn_protocol_found").value())
                .isEqualTo(2);
        assertThat(started.stats().counter("metadata_exchange.metadata_added").value())
                .isEqualTo(2);
    }

    @Test
    void requestsAreOfferedIstiosProtocolAndTellWhoIsWho() throws Exception {
        int port = Ports.free();
        AttacheServer started = start(Ports.free(), port);
        assertThat(
                        TcpExchange.once(
                                port,
                                "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
                                1024))
                .startsWith("HTTP/1.1 200")
                .endsWith("hello")
                .doesNotContain("x-envoy-peer-metadata");
        assertThat(log("http.log"))
                .containsExactly(
                        "web {\"cluster\":\"east\",\"name\":\"\",\"namespace\":\"shop\",\"workload\":\"cart\"}");
        assertThat(started.stats().gauge("workload_discovery.total").value()).isEqualTo(1);
    }
}
