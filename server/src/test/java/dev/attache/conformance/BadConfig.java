package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One entry of the corpus of bad configurations; the format stands in {@code bad-config/README.md}.
 *
 * @param kind of dynamic resource, or empty for a bootstrap
 * @param file the name the configuration must have on disk
 * @param expect what the error must contain; empty when the configuration is accepted
 */
public record BadConfig(
        String name, String kind, String file, String field, List<String> expect, String config) {
    private static final Pattern OUTER =
            Pattern.compile(
                    "^BootstrapValidationError\\.StaticResources: embedded message failed validation \\| caused by"
                            + " StaticResourcesValidationError\\.[A-Za-z]+\\[[0-9]+]: embedded message failed"
                            + " validation \\| caused by ");

    /** All entries, sorted by name. */
    public static List<BadConfig> all() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(f -> f.toString().endsWith(".yaml"))
                    .sorted()
                    .map(BadConfig::read)
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Where the corpus lies. */
    public static Path directory() {
        return Peers.root().resolve("server/src/test/resources/bad-config");
    }

    /**
     * What must stand in our own message: Envoy's text from the resource on, as we name the
     * resource by its path, and paths without the mark for a packed message.
     */
    public List<String> essence() {
        return expect.stream()
                .map(text -> OUTER.matcher(text).replaceFirst("").replace(".<any>", ""))
                .toList();
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

    /** Whether Envoy takes it. */
    public boolean accepted() {
        return expect.isEmpty();
    }

    /** White space collapsed, as the recorded texts have it. */
    public static String squash(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Override
    public String toString() {
        return name;
    }
}
