package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.BadConfig;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays the bad dynamic resources of {@code bad-config} against a running proxy that reads them
 * from files: the update is refused in the words that the real Envoy was recorded to use, and what
 * Envoy takes is taken. Where the words differ, {@code gaps-dynamic.txt} says why; the update must
 * be refused all the same.
 */
final class BadDynamicConfigTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, String> GAPS = gaps();

    @TempDir Path directory;

    static Stream<BadConfig> resources() {
        return BadConfig.all().stream().filter(c -> !c.kind().isEmpty());
    }

    @AfterEach
    void logToStandardError() throws IOException {
        Logging.setPath("");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("resources")
    void saysWhatEnvoySays(BadConfig bad) throws Exception {
        Path file = Files.writeString(directory.resolve("resources.yaml"), bad.config());
        Path log = directory.resolve("log.txt");
        Logging.setPath(log.toString());
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(bootstrap(bad.kind(), file))
                        .concurrency(1)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            String stat = stat(bad.kind());
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (settled(server, stat) == 0) {
                assertThat(System.nanoTime()).as("no verdict").isLessThan(end);
                Thread.sleep(5);
            }
            Logging.flush();
            String said = BadConfig.squash(Files.readString(log));
            if (bad.accepted()) {
                assertThat(server.stats().counter(stat + "update_success").value()).isPositive();
                return;
            }
            assertThat(server.stats().counter(stat + "update_success").value())
                    .as("refused: %s", said)
                    .isZero();
            if (!GAPS.containsKey(bad.name())) {
                bad.essence().forEach(text -> assertThat(said).containsPattern(withPaths(text)));
            }
        }
    }

    /** Envoy's words, with room behind each colon for the path that we name and Envoy does not. */
    private static Pattern withPaths(String text) {
        return Pattern.compile(
                Stream.of(text.split(": ", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(": (?:[a-z0-9_.\\[\\]]+: )?")));
    }

    private static long settled(AttacheServer server, String stat) {
        return Stream.of("update_success", "update_rejected", "update_failure")
                .mapToLong(name -> server.stats().counter(stat + name).value())
                .sum();
    }

    private static String stat(String kind) {
        return switch (kind) {
            case "cluster" -> "cluster_manager.cds.";
            case "listener" -> "listener_manager.lds.";
            case "route" -> "http.in.rds.rds.";
            case "endpoint" -> "cluster.eds.";
            case "secret" -> "sds.sds.";
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static String bootstrap(String kind, Path file) {
        String source =
                "{resource_api_version: V3, path_config_source: {path: \"%s\"}}".formatted(file);
        String dynamic =
                switch (kind) {
                    case "cluster" -> "dynamic_resources: {cds_config: " + source + "}";
                    case "listener" -> "dynamic_resources: {lds_config: " + source + "}";
                    default -> "";
                };
        String routes =
                kind.equals("route")
                        ? "rds: {route_config_name: rds, config_source: " + source + "}"
                        : "route_config: {virtual_hosts: [{name: all, domains: [\"*\"], routes:"
                                + " [{match: {prefix: /}, route: {cluster: up}}]}]}";
        String tls =
                kind.equals("secret")
                        ? "transport_socket: {name: tls, typed_config: {\"@type\":"
                                + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,"
                                + " common_tls_context: {tls_certificate_sds_secret_configs:"
                                + " [{name: sds, sds_config: "
                                + source
                                + "}]}}}"
                        : "";
        String eds =
                kind.equals("endpoint")
                        ? "- {name: eds, type: EDS, eds_cluster_config: {eds_config: "
                                + source
                                + "}}"
                        : "";
        return """
        node: {id: node, cluster: tests}
        %s
        static_resources:
          clusters:
          - {name: up, type: STATIC, load_assignment: {cluster_name: up, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}}]}]}}
          %s
          listeners:
          - name: main
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: hcm
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: in
                  %s
                  http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
              %s
        """
                .formatted(dynamic, eds, routes, tls);
    }

    private static Map<String, String> gaps() {
        try {
            return Files.readAllLines(BadConfig.directory().resolve("gaps-dynamic.txt")).stream()
                    .filter(line -> line.contains(": "))
                    .collect(Collectors.toMap(l -> l.split(": ", 2)[0], l -> l.split(": ", 2)[1]));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
