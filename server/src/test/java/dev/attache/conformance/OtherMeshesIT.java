package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bootstraps of {@code examples/meshes} are good for the real Envoy, too. */
@Tag("conformance")
final class OtherMeshesIT {

    @ParameterizedTest
    @MethodSource("dev.attache.conformance.OtherMeshes#names")
    void envoyTakesIt(String mesh, @TempDir Path directory) throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("envoy.yaml"), OtherMeshes.bootstrap(mesh, directory));
        ProxyProcess.Finished run =
                ProxyProcess.run(
                        Peers.envoy(),
                        directory,
                        List.of("--mode", "validate", "-l", "warning", "-c", file.toString()));
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("configuration '" + file + "' OK");
    }
}
