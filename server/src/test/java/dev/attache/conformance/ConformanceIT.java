package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
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
    private static Conformance conformance;

    @BeforeAll
    static void findTheProxies() throws IOException, GeneralSecurityException {
        Path work = Path.of("target", "conformance").toAbsolutePath();
        Files.createDirectories(work);
        conformance = new Conformance(Peers.envoy(), Peers.subject(), Files.createTempDirectory(work, "run"));
    }

    static Stream<String> cases() {
        return Conformance.cases(Peers.cases()).stream().map(f -> f.getFileName().toString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void behavesAsEnvoy(String file) throws Exception {
        List<String> problems = conformance.judge(Peers.cases().resolve(file));
        assertThat(problems).as(file).isEmpty();
    }
}
