package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One entry of the corpus of bad configurations; the format stands in {@code bad-config/README.md}.
 *
 * @param kind of dynamic resource, or empty for a bootstrap
 * @param file the name the configuration must have on disk
 * @param expect what the error must contain; empty when the configuration is accepted
 */
record BadConfig(String name, String kind, String file, String field, List<String> expect, String config) {

    /** All entries, sorted by name. */
    static List<BadConfig> all() {
        Path directory = Peers.root().resolve("server/src/test/resources/bad-config");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().map(BadConfig::read).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static BadConfig read(Path file) {
        try {
            Map<String, Object> spec = Tree.map(Tree.parse(Files.readString(file)));
            return new BadConfig(
                    Tree.text(spec.get("name"), ""),
                    Tree.text(spec.get("kind"), ""),
                    Tree.text(spec.get("file"), "envoy.yaml"),
                    Tree.text(spec.get("field"), ""),
                    Tree.strings(spec.get("expect")),
                    Tree.text(spec.get("config"), ""));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    boolean accepted() {
        return expect.isEmpty();
    }

    /** White space collapsed, as the recorded texts have it. */
    static String squash(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Override
    public String toString() {
        return name;
    }
}
