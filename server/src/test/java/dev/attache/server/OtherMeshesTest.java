package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.OtherMeshes;
import dev.attache.server.log.Logging;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bootstraps of {@code examples/meshes} are taken without a word, and what is left out of them
 * is refused by name. What the real Envoy says of them asks {@code OtherMeshesIT}.
 */
final class OtherMeshesTest {

    @TempDir private Path directory;

    @AfterEach
    void logBack() throws Exception {
        Logging.setPath("");
    }

    private String validate(String yaml, int expected) throws Exception {
        Path file = Files.writeString(directory.resolve("bootstrap.yaml"), yaml);
        Path log = directory.resolve("log");
        PrintStream out =
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        int code =
                Attache.run(
                        out,
                        out,
                        "--mode",
                        "validate",
                        "-l",
                        "warning",
                        "-c",
                        file.toString(),
                        "--log-path",
                        log.toString());
        Logging.flush();
        String said = Files.readString(log);
        assertThat(code).as(said).isEqualTo(expected);
        return said;
    }

    @ParameterizedTest
    @MethodSource("dev.attache.conformance.OtherMeshes#names")
    void isTakenWithoutAWord(String mesh) throws Exception {
        assertThat(validate(OtherMeshes.bootstrap(mesh, directory), 0)).isEmpty();
    }

    /** What the meshes' tools write, too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    kuma             | hds_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: system_ads}}]} | hds_config
                    traffic-director | cluster_manager: {load_stats_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: x}}]}} | load_stats_config
                    """)
    void whatIsLeftOutIsRefusedByName(String mesh, String added, String field) throws Exception {
        String yaml = OtherMeshes.bootstrap(mesh, directory) + "\n" + added + "\n";
        assertThat(validate(yaml, 1))
                .contains("field '" + field + "'")
                .contains("cannot be honoured");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    google_compute_engine: {} | google_compute_engine
                    service_account_jwt_access: {json_key: x} | service_account_jwt_access
                    from_plugin: {name: envoy.grpc_credentials.aws_iam} | from_plugin
                    """)
    void credentialsThatNobodyIsAskedForAreRefusedByName(String credentials, String field)
            throws Exception {
        String yaml =
                OtherMeshes.bootstrap("traffic-director", directory)
                        .replace("access_token: TOKEN", credentials);
        assertThat(validate(yaml, 1))
                .contains("field '" + field + "'")
                .contains("cannot be honoured");
    }
}
