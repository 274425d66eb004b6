package dev.attache.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The bootstraps of the conformance cases, for tests that want many configurations. */
public final class CaseConfigurations {
    private static final Path CASES = Path.of("src/test/resources/conformance/cases");

    private CaseConfigurations() {}

    /** By file name, as JSON; ports are 1 and files are not there. */
    public static Map<String, String> bootstraps() {
        Map<String, String> bootstraps = new TreeMap<>();
        try (Stream<Path> files = Files.list(CASES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                String json = bootstrap(Files.readString(file));
                if (json != null) {
                    bootstraps.put(file.getFileName().toString(), json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bootstraps;
    }

    /** The bootstrap of one case, its placeholders still inside. */
    public static Map<String, Object> bootstrap(Map<String, Object> spec) {
        return Tree.map(new BootstrapWriter(spec).write());
    }

    private static @Nullable String bootstrap(String text) {
        Map<String, Object> spec = Tree.map(Tree.parse(text));
        Object tree = Tree.replace(new BootstrapWriter(spec).write(), CaseConfigurations::lookup);
        return tree instanceof Map || tree instanceof List ? Tree.json(tree, false) : null;
    }

    private static String lookup(String placeholder) {
        boolean port = placeholder.matches("admin|listener|port\\..*|upstream\\..*");
        return port ? "1" : "/none/" + placeholder;
    }
}
