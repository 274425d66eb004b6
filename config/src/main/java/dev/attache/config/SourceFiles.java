package dev.attache.config;

import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that a {@code ConfigSource} names. Pure but for a look at the file system. */
public final class SourceFiles {

    private SourceFiles() {}

    /** The name of the file that a source names, or null where it names none. */
    @SuppressWarnings("deprecation") // ConfigSource.path is still in use
    public static @Nullable String name(ConfigSource source) {
        return switch (source.getConfigSourceSpecifierCase()) {
            case PATH -> source.getPath();
            case PATH_CONFIG_SOURCE -> source.getPathConfigSource().getPath();
            case API_CONFIG_SOURCE, ADS, SELF, CONFIGSOURCESPECIFIER_NOT_SET -> null;
        };
    }

    /** Where in the source the name stands. */
    public static String field(ConfigSource source) {
        return source.hasPathConfigSource() ? "path_config_source.path" : "path";
    }

    /** Why what a source names cannot be read, in Envoy's words; null where it is there. */
    public static @Nullable String problem(ConfigSource source) {
        String name = name(source);
        if (name == null) {
            return null;
        }
        try {
            return Files.exists(Path.of(name))
                    ? null
                    : "paths must refer to an existing path in the system: '%s' does not exist"
                            .formatted(name);
        } catch (InvalidPathException e) {
            return "Invalid path: " + name + " (" + e.getReason() + ")";
        }
    }
}
