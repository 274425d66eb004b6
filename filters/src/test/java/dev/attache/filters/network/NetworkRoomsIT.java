package dev.attache.filters.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.listener.ListenerCompiler;
import dev.attache.filters.ConfigFixture;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.engine.EngineOptions;
import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.stats.StatsStore;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The small network filters from YAML to real sockets; answers as the real Envoy 1.40 gives them.
 */
class NetworkRoomsIT {

    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.network.";

    private final StatsStore stats = new StatsStore();
    private final Engine engine = new Engine(EngineOptions.defaults(stats).withConcurrency(1));

    @AfterEach
    void close() {
        engine.close();
    }

    private void serve(String filters) {
        String yaml =
                """
                name: l
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters: [%s]
                """
                        .formatted(filters.replace("@T", TYPE));
        Compiled<CompiledListener> compiled =
                ListenerCompiler.compileResource(
                        ConfigFixture.parse(yaml, Listener.getDefaultInstance()),
                        new ConfigFixture().settings());
        assertThat(ConfigFixture.errors(compiled)).isEmpty();
        assertThat(
                        engine.publish(
                                        new ProxySnapshot(
                                                1,
                                                Map.of("l", compiled.orThrow().spec()),
                                                Map.of(),
                                                Map.of()))
                                .adopted()
                                .orTimeout(10, TimeUnit.SECONDS)
                                .join()
                                .failures())
                .isEmpty();
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(
                        "127.0.0.1",
                        ((IpAddress) engine.boundAddresses().get("l").getFirst()).port());
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void echo_returns_everything_and_half_closes() throws Exception {
        serve("{name: e, typed_config: {\"@type\": @Techo.v3.Echo}}");
        try (Socket socket = connect()) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(all(socket)).isEqualTo("hello");
        }
    }

    @Test
    void direct_response_answers_every_connection() throws Exception {
        serve(
                "{name: d, typed_config: {\"@type\": @Tdirect_response.v3.Config,"
                        + " response: {inline_string: \"hi\\n\"}}}");
        for (int i = 0; i < 3; i++) {
            try (Socket socket = connect()) {
                assertThat(all(socket)).isEqualTo("hi\n");
            }
        }
    }

    @Test
    void connection_limit_closes_what_is_too_much() throws Exception {
        serve(
                "{name: c, typed_config: {\"@type\": @Tconnection_limit.v3.ConnectionLimit,"
                        + " stat_prefix: p, max_connections: 1, delay: 0.05s}},"
                        + "{name: e, typed_config: {\"@type\": @Techo.v3.Echo}}");
        try (Socket first = connect()) {
            first.getOutputStream().write('a');
            assertThat(first.getInputStream().read()).isEqualTo('a');
            try (Socket second = connect()) {
                assertThat(second.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(stats.counter("connection_limit.p.limited_connections").value())
                    .isEqualTo(1);
            assertThat(stats.gauge("connection_limit.p.active_connections").value()).isEqualTo(1);
        }
    }

    @Test
    void rbac_closes_what_no_policy_allows_at_once_or_later() throws Exception {
        serve(
                "{name: r, typed_config: {\"@type\": @Trbac.v3.RBAC, stat_prefix: p,"
                        + " delay_deny: 0.05s, rules: {}}},"
                        + "{name: e, typed_config: {\"@type\": @Techo.v3.Echo}}");
        try (Socket socket = connect()) {
            socket.getOutputStream().write('a');
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(stats.counter("p.rbac.denied").value()).isEqualTo(1);
    }

    @Test
    void rbac_has_no_headers_to_ask_for() {
        Compiled<CompiledListener> compiled =
                ListenerCompiler.compileResource(
                        ConfigFixture.parse(
                                """
                                name: l
                                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                                filter_chains:
                                - filters:
                                  - name: r
                                    typed_config:
                                      "@type": @Trbac.v3.RBAC
                                      stat_prefix: p
                                      rules:
                                        policies:
                                          p:
                                            permissions: [{not_rule: {header: {name: x}}}]
                                            principals: [{or_ids: {ids: [{header: {name: z}}]}}]
                                  - {name: e, typed_config: {"@type": @Techo.v3.Echo}}
                                """
                                        .replace("@T", TYPE),
                                Listener.getDefaultInstance()),
                        new ConfigFixture().settings());
        assertThat(ConfigFixture.errors(compiled))
                .anyMatch(e -> e.contains("permissions[0].not_rule.header: Found header(x) rule"))
                .anyMatch(e -> e.contains("or_ids.ids[0].header: Found header(z) rule"));
    }
}
