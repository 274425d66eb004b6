package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code conformance/cases}, against the real Envoy and this project's launcher. */
@Tag("conformance")
@Execution(ExecutionMode.CONCURRENT)
final class ConformanceIT {
    /** Cases that still differ and should not; docs/compatibility.md says what of them. */
    private static final Set<String> OPEN = open();

    private static Conformance conformance;

    private static Set<String> open() {
        try (InputStream in =
                ConformanceIT.class.getResourceAsStream("/conformance/open-differences.txt")) {
            if (in == null) {
                return Set.of();
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void findTheProxies() throws IOException, GeneralSecurityException {
        Path work = Path.of("target", "conformance").toAbsolutePath();
        Files.createDirectories(work);
        conformance =
                new Conformance(
                        Peers.envoy(), Peers.subject(), Files.createTempDirectory(work, "run"));
    }

    static Stream<String> cases() {
        return Conformance.cases(Peers.cases()).stream().map(f -> f.getFileName().toString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void behavesAsEnvoy(String file) throws Exception {
        List<String> problems = conformance.judge(Peers.cases().resolve(file));
        if (OPEN.contains(file.replace(".yaml", ""))) {
            assumeTrue(problems.isEmpty(), () -> "open difference: " + String.join("\n", problems));
        }
        assertThat(problems).as(file).isEmpty();
    }
}
