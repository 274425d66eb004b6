package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of CDS whose filter is to be discovered by a source that there is not. */
final class UnsubscribableFilterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path directory;

    @AfterEach
    void logToStandardError() throws IOException {
        Logging.setPath("");
    }

    @Test
    void theClusterIsRefusedAndNotWarmingForEver() throws Exception {
        Path clusters =
                Files.writeString(
                        directory.resolve("clusters.yaml"),
                        """
                        version_info: "1"
                        resources:
                        - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
                          name: lost
                          type: STATIC
                          typed_extension_protocol_options:
                            envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                              "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                              explicit_http_config: {http_protocol_options: {}}
                              http_filters:
                              - name: found
                                config_discovery:
                                  config_source: {resource_api_version: V3, ads: {}}
                                  type_urls: [type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer]
                              - name: codec
                                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}
                        """);
        Path log = directory.resolve("log.txt");
        Logging.setPath(log.toString());
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(
                                """
                                node: {id: node, cluster: tests}
                                dynamic_resources: {cds_config: {resource_api_version: V3, path_config_source: {path: "%s"}}}
                                """
                                        .formatted(clusters))
                        .concurrency(1)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            String said = "";
            while (!said.contains("'lost' refused: config_discovery.config_source")) {
                assertThat(System.nanoTime()).as(said).isLessThan(end);
                Thread.sleep(5);
                Logging.flush();
                said = Files.readString(log);
            }
            while (server.stats().gauge("cluster_manager.warming_clusters").value() != 0) {
                assertThat(System.nanoTime()).as("it warms").isLessThan(end);
                Thread.sleep(5);
            }
            assertThat(server.stats().gauge("cluster_manager.active_clusters").value()).isZero();
        }
    }
}
