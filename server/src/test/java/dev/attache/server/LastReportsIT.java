package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.proxy.address.IpAddress;
import dev.attache.server.flags.ServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
                          - {match: {prefix: /running}, route: {cluster: silent}}
                          - {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: here}}}
                      http_filters:
                      - name: router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              clusters:
              - name: collector
                connect_timeout: 5s
                load_assignment: {cluster_name: collector, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %1$d}}}}]}]}
              - name: silent
                connect_timeout: 5s
                load_assignment: {cluster_name: silent, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %2$d}}}}]}]}
            """;

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private HttpServer collector;
    private ServerSocket silent;

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
        silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        collector.stop(0);
        silent.close();
    }

    private AttacheServer start() throws Exception {
        int port = collector.getAddress().getPort();
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(BOOTSTRAP.formatted(port, silent.getLocalPort()))
                        .concurrency(2)
                        .build();
        AttacheServer server = AttacheServer.start(options);
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
        return server;
    }

    private static int port(AttacheServer server) {
        return ((IpAddress) server.listenerAddresses().get("http").getFirst()).port();
    }

    private void assertReported(String what) {
        assertThat(reports).anyMatch(each -> each.startsWith("/logs") && each.contains(what));
        assertThat(reports).anyMatch(each -> each.startsWith("/spans") && each.contains(what));
    }

    @Test
    void ofRequestsThatRunAtTheEndToo() throws Exception {
        try (AttacheServer server = start();
                Socket client = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
            client.getOutputStream()
                    .write(
                            "GET /running HTTP/1.1\r\nhost: test\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            try (Socket asked = silent.accept()) {
                assertThat(asked.getInputStream().read()).isEqualTo('G');
                server.close();
            }
        }
        assertReported("running");
    }

    @Test
    void theyGoOutBeforeTheEnd() throws Exception {
        try (AttacheServer server = start()) {
            int port = port(server);
            try (Http1Session client = new Http1Session(port)) {
                assertThat(client.get("/asked-for").status()).isEqualTo(200);
            }
        }
        assertReported("asked-for");
    }
}
