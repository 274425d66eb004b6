package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden bootstraps of Istio's agent load. {@code ATTACHE_TESTDATA} names the folder that holds
 * {@code bootstrap/*_golden.json}, which are not part of this repository; without it the test is
 * skipped and says so.
 */
@Tag("conformance")
@EnabledIfEnvironmentVariable(
        named = "ATTACHE_TESTDATA",
        matches = ".+",
        disabledReason = "ATTACHE_TESTDATA is not set: golden bootstraps of Istio skipped")
final class IstioBootstrapIT {
    static Stream<Path> goldens() throws IOException {
        Path folder = Path.of(System.getenv("ATTACHE_TESTDATA"), "bootstrap");
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith("_golden.json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void loads(Path golden) {
        var compiled = new BootstrapFixture().file(golden);
        assertThat(ConfigFixture.errors(compiled)).isEmpty();
        assertThat(compiled).isInstanceOf(Compiled.Ok.class);
    }
}
