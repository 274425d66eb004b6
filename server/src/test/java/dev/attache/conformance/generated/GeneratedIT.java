package dev.attache.conformance.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated cases against the real Envoy: a fixed list of seeds, or those of the property {@code
 * generated.seeds}.
 */
@Tag("conformance")
final class GeneratedIT {
    private static final String FIXED = "1-72";
    private static final int PLAYS = 3;

    @Test
    void behavesAsEnvoy() throws Exception {
        List<Long> seeds = GeneratedMain.seeds(System.getProperty("generated.seeds", FIXED));
        Path work = Files.createDirectories(Path.of("target", "conformance").toAbsolutePath());
        Comparison comparison =
                new Comparison(
                        Peers.envoy(),
                        Peers.subject(),
                        Files.createTempDirectory(work, "generated"),
                        PLAYS);
        comparison.compare(seeds);
        List<String> report =
                comparison.findings().keySet().stream()
                        .flatMap(seed -> comparison.report(seed).stream())
                        .toList();
        assertThat(report).as(comparison.summary()).isEmpty();
    }
}
