package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fields of a case that would never be sent are refused when it is read. */
final class CaseHeadersTest {
    private static final Path CASES = Path.of("src/test/resources/conformance/cases");

    @TempDir private Path directory;

    @Test
    void everyCaseIsRead() throws IOException {
        for (Path each : Conformance.cases(CASES)) {
            Conformance.read(each);
        }
    }

    @Test
    void headersAreNoMapping() throws IOException {
        Path file = directory.resolve("case.yaml");
        Files.writeString(file, "exchanges: [{h1: {headers: {a: b}}}]");
        assertThatThrownBy(() -> Conformance.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("case.yaml: headers: expected a text");
        Files.writeString(file, "upstreams: {up: {respond: [{headers: {a: b}}]}}");
        assertThatThrownBy(() -> Conformance.read(file)).isInstanceOf(IOException.class);
    }
}
