package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import dev.attache.conformance.Peers;
import dev.attache.conformance.Ports;
import dev.attache.conformance.ProxyProcess;
import dev.attache.server.flags.ServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tunnel that the real Envoy ends: who it says to be in its answer is who connections are counted
 * to, and what it is told of who calls arrives. It has none of Istio's filters, so a route says
 * what the filter would.
 */
@Tag("conformance")
final class EnvoyTunnelIT {
    private static final String BAGGAGE =
            "k8s.deployment.name=api-v1,service.name=api,service.version=v1,app.name=api,app.version=v1,"
                    + "k8s.namespace.name=stock,k8s.cluster.name=Kubernetes,k8s.instance.name=api-1";

    private static final String TERMINATING =
            """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: @ADMIN}}}
            node: {id: api, cluster: mesh}
            bootstrap_extensions: [{name: i, typed_config: {"@type": @T/envoy.extensions.bootstrap.internal_listener.v3.InternalListener}}]
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
                      access_log: [{name: l, typed_config: {"@type": @T/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: "@LOG", log_format: {text_format_source: {inline_string: "%REQ(BAGGAGE)% %DOWNSTREAM_PEER_URI_SAN%\\n"}}}}]
                      route_config:
                        response_headers_to_add: [{header: {key: baggage, value: "@BAGGAGE"}}]
                        virtual_hosts: [{name: t, domains: ["*"], routes: [{match: {connect_matcher: {}}, route: {cluster: main_tcp, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}]}]
                      http_filters: [{name: r, typed_config: {"@type": @T/envoy.extensions.filters.http.router.v3.Router}}]
                  transport_socket: @TLS
              - name: main_tcp
                internal_listener: {}
                filter_chains: [{filters: [{name: e, typed_config: {"@type": @T/envoy.extensions.filters.network.echo.v3.Echo}}]}]
              clusters:
              - {name: main_tcp, load_assignment: {cluster_name: m, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: main_tcp}}}}]}]}, transport_socket: @INTERNAL}
            """;

    @TempDir private Path directory;

    @Test
    void bothAreToldOfTheOther() throws Exception {
        int hbone = Ports.free();
        int admin = Ports.free();
        int entry = Ports.free();
        Path log = directory.resolve("access.log");
        String config =
                TERMINATING
                        .replace("@ADMIN", Integer.toString(admin))
                        .replace("@HBONE", Integer.toString(hbone))
                        .replace("@BAGGAGE", BAGGAGE)
                        .replace("@LOG", log.toString())
                        .replace("@TLS", MeshTls.called(MeshTls.API, "h2"))
                        .replace("@INTERNAL", TunnelEnds.INTERNAL)
                        .replace("@T/", "type.googleapis.com/");
        Path file = Files.writeString(directory.resolve("envoy.yaml"), config);
        ServerOptions originating =
                ServerOptions.builder()
                        .configYaml(TunnelEnds.originating(Ports.free(), entry, hbone))
                        .concurrency(1)
                        .build();
        try (ProxyProcess envoy =
                        ProxyProcess.launch(
                                Peers.envoy(), file, directory, admin, List.of(), Map.of());
                AttacheServer ours = AttacheServer.start(originating)) {
            boolean ready =
                    PeerProcess.eventually(
                            Duration.ofSeconds(30),
                            () -> PeerProcess.http("GET", admin, "/ready").contains("LIVE"));
            assertThat(ready).as(envoy.log()).isTrue();
            assertThat(TcpExchange.once(entry, "twelve bytes", 12)).isEqualTo("twelve bytes");
            assertThat(MetricSample.only(ours, "istio_tcp_connections_closed_total").labels())
                    .containsEntry("source_workload", "web-v1")
                    .containsEntry("destination_workload", "api-v1")
                    .containsEntry("destination_workload_namespace", "stock")
                    .containsEntry("destination_canonical_service", "api")
                    .containsEntry("destination_principal", MeshTls.API);
            PeerProcess.eventually(
                    Duration.ofSeconds(20), () -> Files.exists(log) && log.toFile().length() > 0);
            assertThat(Files.readString(log))
                    .contains("k8s.deployment.name=web-v1")
                    .contains("k8s.namespace.name=shop")
                    .contains(MeshTls.WEB);
        }
    }
}
