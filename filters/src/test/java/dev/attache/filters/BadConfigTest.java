package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The bootstraps of the corpus of bad configurations: what Envoy refuses is refused, with its
 * words; what it takes is taken. Resources off the wire are replayed against the assembled proxy.
 */
final class BadConfigTest {
    private static final Path CORPUS = Path.of("../server/src/test/resources/bad-config");

    /** Refused where Envoy says something more specific about a feature that is not built. */
    private static final Set<String> FEATURE_REFUSED =
            Set.of(
                    "bootstrap-overload-action-unknown-resource",
                    "cluster-outlier-ejection-time",
                    "hcm-filter-not-terminal",
                    "listener-api-listener",
                    "listener-chain-nameless-with-matcher",
                    "listener-not-terminal-last");

    /**
     * Refused in words of our own: another parser's complaint, or a dump of the message left out.
     */
    private static final Set<String> OWN_WORDS =
            Set.of(
                    "file-json-syntax",
                    "file-unclosed-quote",
                    "file-yaml-syntax",
                    "file-yaml-tab",
                    "cluster-outlier-enforcing",
                    "hcm-internal-cidr",
                    "listener-same-match");

    private static final BootstrapFixture BOOTSTRAPS = new BootstrapFixture();

    @TempDir Path folder;

    record Entry(String name, String file, List<String> expect, String config) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Entry> bootstraps() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(BadConfigTest::map)
                    .filter(map -> map.get("kind") == null)
                    .map(BadConfigTest::entry)
                    .toList()
                    .stream();
        }
    }

    /** The bootstraps as text. */
    static List<String> configs() {
        try (Stream<Entry> all = bootstraps()) {
            return all.map(Entry::config).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<?, ?> map(Path file) {
        try {
            Load load = new Load(LoadSettings.builder().build());
            return (Map<?, ?>) load.loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(Map<?, ?> map) {
        List<String> expect = new ArrayList<>();
        if (map.get("expect") instanceof List<?> list) {
            list.forEach(text -> expect.add(String.valueOf(text)));
        }
        Object file = map.get("file");
        return new Entry(
                String.valueOf(map.get("name")),
                file == null ? "envoy.yaml" : String.valueOf(file),
                expect,
                String.valueOf(map.get("config")));
    }

    @ParameterizedTest
    @MethodSource("bootstraps")
    void isJudgedAsEnvoyJudgesIt(Entry entry) throws IOException {
        Path file = Files.writeString(folder.resolve(entry.file), entry.config);
        List<String> errors = ConfigFixture.errors(BOOTSTRAPS.file(file));
        boolean refused = !errors.isEmpty();
        assertThat(refused).as(errors.toString()).isEqualTo(!entry.expect.isEmpty());
        if (refused && !FEATURE_REFUSED.contains(entry.name) && !OWN_WORDS.contains(entry.name)) {
            String said = errors.toString().replaceAll("\\s+", " ");
            // Our paths leave out the step into a packed message.
            assertThat(said)
                    .contains(entry.expect.stream().map(t -> t.replace(".<any>", "")).toList());
        }
    }
}
