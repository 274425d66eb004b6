package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus of bad configurations is what the real Envoy says. */
@Tag("conformance")
@Execution(ExecutionMode.CONCURRENT)
final class BadConfigIT {
    static Stream<BadConfig> bootstraps() {
        return BadConfig.all().stream().filter(c -> c.kind().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bootstraps")
    void envoySaysSo(BadConfig bad, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve(bad.file()), bad.config());
        ProxyProcess.Finished end =
                ProxyProcess.run(
                        Peers.envoy(),
                        directory,
                        List.of("-c", file.toString(), "--mode", "validate"));
        if (bad.accepted()) {
            assertThat(end.exitCode()).as(end.err()).isZero();
        } else {
            assertThat(end.exitCode()).isEqualTo(1);
            assertThat(BadConfig.squash(end.err())).contains(bad.expect());
        }
    }
}
