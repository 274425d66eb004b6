package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.flags.ServerOptions;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An internal listener that leads back to itself costs the connection, not the proxy. */
final class InternalListenerLoopTest {

    private static final String BOOTSTRAP =
            """
            bootstrap_extensions: [{name: i, typed_config: {"@type": type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener}}]
            static_resources:
              listeners:
              - name: outer
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains: [{filters: [{name: t, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: outer, cluster: self}}]}]
              - name: self
                internal_listener: {}
                filter_chains: [{filters: [{name: t, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: self, cluster: self}}]}]
              clusters:
              - {name: self, type: STATIC, load_assignment: {cluster_name: self, endpoints: [{lb_endpoints: [{endpoint: {address: {envoy_internal_address: {server_listener_name: self}}}}]}]}}
            """;

    @Test
    void theLoopEnds() throws Exception {
        ServerOptions options =
                ServerOptions.builder().configYaml(BOOTSTRAP).concurrency(1).build();
        try (AttacheServer server = AttacheServer.start(options)) {
            assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
            int port = ((IpAddress) server.listenerAddresses().get("outer").getFirst()).port();
            for (int i = 1; i <= 2; i++) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    client.setSoTimeout(20_000);
                    assertThatThrownBy(client.getInputStream()::read)
                            .isInstanceOf(SocketException.class)
                            .hasMessage("Connection reset");
                }
                assertThat(server.stats().counter("cluster.self.upstream_cx_connect_fail").value())
                        .isEqualTo(i);
                assertThat(
                                server.stats()
                                        .counter("listener.envoy_internal_self.downstream_cx_total")
                                        .value())
                        .isEqualTo(32L * i);
            }
        }
    }
}
