package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.attache.conformance.BadConfig;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.CommandLine;
import dev.attache.server.flags.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays the bad bootstraps of {@code bad-config} through {@code --mode validate}: each is refused
 * in the words that the real Envoy was recorded to use, and what Envoy takes is taken. Where the
 * words differ, {@code gaps.txt} beside them says why; it must be refused all the same.
 */
final class BadConfigCorpusTest {
    private static final Map<String, String> GAPS = gaps();
    @TempDir Path directory;

    static Stream<BadConfig> bootstraps() {
        return BadConfig.all().stream().filter(c -> c.kind().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bootstraps")
    void saysWhatEnvoySays(BadConfig bad) throws IOException {
        Path file = Files.writeString(directory.resolve(bad.file()), bad.config());
        String error = validate(file);
        String gap = GAPS.getOrDefault(bad.name(), "");
        if (gap.startsWith("not refused")) {
            assumeThat(error).as(gap).isNotEmpty();
        }
        if (bad.accepted()) {
            assumeThat(gap.isEmpty() || error.isEmpty()).as(gap).isTrue();
            assertThat(error).isEmpty();
        } else if (gap.isEmpty()) {
            assertThat(BadConfig.squash(error)).contains(bad.essence());
        } else {
            assertThat(error).as("refused, though in other words: %s", gap).isNotEmpty();
        }
    }

    /** The error, or an empty text where the configuration is accepted. */
    private static String validate(Path file) {
        CommandLine.Result line =
                CommandLine.parse("attache", "0", "-c", file.toString(), "--mode", "validate");
        ServerOptions options = ((CommandLine.Result.Run) line).options();
        try {
            Validation.run(options);
            return "";
        } catch (StartupException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Map<String, String> gaps() {
        try {
            return Files.readAllLines(BadConfig.directory().resolve("gaps.txt")).stream()
                    .filter(line -> line.contains(": "))
                    .collect(Collectors.toMap(l -> l.split(": ", 2)[0], l -> l.split(": ", 2)[1]));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
