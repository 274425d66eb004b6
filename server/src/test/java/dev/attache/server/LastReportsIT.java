package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.proxy.address.IpAddress;
import dev.attache.server.flags.ServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loggers and tracers still hold when the server closes reaches their collectors. */
@Timeout(60)
class LastReportsIT {

    private static final String BOOTSTRAP =
            """
            static_resources:
              listeners:
              - name: http
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      tracing:
                        provider:
                          name: zipkin
                          typed_config: {"@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig, collector_cluster: collector, collector_endpoint: /spans, collector_endpoint_version: HTTP_JSON}
                      access_log:
                      - name: logs
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig
                          http_service: {http_uri: {uri: "http://collector.test/logs", cluster: collector, timeout: 2s}}
                          log_name: logs
                          buffer_flush_interval: 600s
                          body: {string_value: "%%REQ(:PATH)%%"}
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: here}}}
                      http_filters:
                      - name: router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              clusters:
              - name: collector
                connect_timeout: 5s
                load_assignment: {cluster_name: collector, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
            """;

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private HttpServer collector;

    @BeforeEach
    void collect() throws Exception {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    reports.add(
                            exchange.getRequestURI().getPath()
                                    + " "
                                    + new String(body, StandardCharsets.ISO_8859_1));
                    exchange.sendResponseHeaders(202, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void theyGoOutBeforeTheEnd() throws Exception {
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(BOOTSTRAP.formatted(collector.getAddress().getPort()))
                        .concurrency(2)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
            int port = ((IpAddress) server.listenerAddresses().get("http").getFirst()).port();
            try (Http1Session client = new Http1Session(port)) {
                assertThat(client.get("/asked-for").status()).isEqualTo(200);
            }
        }
        assertThat(reports)
                .anyMatch(each -> each.startsWith("/logs") && each.contains("asked-for"));
        assertThat(reports)
                .anyMatch(each -> each.startsWith("/spans") && each.contains("asked-for"));
    }
}
