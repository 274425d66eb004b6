package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Zipkin server ({@code .ci/peers/zipkin.sh}): the spans of both forms are taken and found
 * again, whatever octets clients have sent. Passed over where it is not installed.
 */
@Tag("conformance")
final class ZipkinIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MALFORMED = "odd-\u00ff-\u00c3";

    @Test
    void takesSpansOfBothForms(@TempDir Path directory) throws Exception {
        Path jar = Peers.peer("zipkin.jar");
        assumeTrue(Files.exists(jar), "no " + jar + ": run .ci/peers/zipkin.sh");
        int port = Ports.free();
        Certificates certificates =
                new Certificates(Files.createDirectories(directory.resolve("keys")));
        try (Upstream up = new Upstream("up", Map.of(), certificates, new Normaliser());
                PeerProcess zipkin = PeerProcess.start(directory, Map.of(), command(jar, port))) {
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE, () -> page(port, "/health").contains("\"UP\"")))
                    .as(zipkin.log())
                    .isTrue();
            for (String form : List.of("HTTP_JSON", "HTTP_PROTO")) {
                Path work = Files.createDirectories(directory.resolve(form));
                judge(work, certificates, form, up.port(0), port);
            }
        }
    }

    private static void judge(
            Path work, Certificates certificates, String form, int upstream, int zipkin)
            throws Exception {
        int admin = Ports.free();
        int listener = Ports.free();
        Path config =
                Files.writeString(
                        work.resolve("envoy.yaml"),
                        bootstrap(form, admin, listener, upstream, zipkin));
        try (ProxyProcess proxy =
                ProxyProcess.start(Peers.subject(), config, work, admin, List.of())) {
            Connector connector = new Connector(certificates);
            request(connector, listener, "/plain", "caf\u00c3\u00a9");
            request(connector, listener, "/odd", MALFORMED);
            String query = "/api/v2/traces?limit=10&serviceName=" + service(form);
            assertThat(
                            PeerProcess.eventually(
                                    PATIENCE,
                                    () ->
                                            page(zipkin, query).contains("/plain")
                                                    && page(zipkin, query).contains("/odd")))
                    .as("%s\n%s", page(zipkin, query), proxy.complaints())
                    .isTrue();
            assertThat(page(zipkin, query))
                    .contains("\"user_agent\":\"caf\u00e9\"", "\"user_agent\":\"odd-!-!\"")
                    .contains("\"http.status_code\":\"200\"", "\"kind\":\"SERVER\"");
        }
    }

    private static String service(String form) {
        return "attache-" + form.toLowerCase(java.util.Locale.ROOT);
    }

    private static void request(Connector connector, int port, String path, String agent)
            throws Exception {
        try (var socket = connector.open(port, Map.of("timeout_ms", 5000))) {
            Map<String, Object> request =
                    Map.of(
                            "authority",
                            "up.test",
                            "path",
                            path,
                            "headers",
                            List.of("user-agent: " + agent));
            assertThat(new Http1Client(socket).exchange(request, new Normaliser()))
                    .contains("200 OK");
        }
    }

    private static String page(int port, String path) {
        return PeerProcess.http("GET", port, path);
    }

    private static List<String> command(Path jar, int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                jar.toString(),
                "--armeria.ports[0].port=" + port,
                "--armeria.ports[0].ip=127.0.0.1",
                "--armeria.ports[0].protocols[0]=http");
    }

    private static String bootstrap(
            String form, int admin, int listener, int upstream, int zipkin) {
        return """
        node: {id: one, cluster: %s}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        layered_runtime: {layers: [{name: static, static_layer: {tracing.zipkin.min_flush_spans: 1}}]}
        static_resources:
          listeners:
            - name: main
              address: {socket_address: {address: 127.0.0.1, port_value: %d}}
              filter_chains:
                - filters:
                    - name: hcm
                      typed_config:
                        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                        stat_prefix: h
                        tracing:
                          provider:
                            name: envoy.tracers.zipkin
                            typed_config: {"@type": type.googleapis.com/envoy.config.trace.v3.ZipkinConfig, collector_cluster: zipkin, collector_endpoint: /api/v2/spans, collector_endpoint_version: %s, trace_id_128bit: true}
                        route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: up}}]}]}
                        http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
          clusters:
            - {name: up, load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}}
            - {name: zipkin, load_assignment: {cluster_name: zipkin, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}}
        """
                .formatted(service(form), admin, listener, form, upstream, zipkin);
    }
}
