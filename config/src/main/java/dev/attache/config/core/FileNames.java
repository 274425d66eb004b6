package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Names of files and directories in a configuration, which may be no names at all. */
public final class FileNames {
    private FileNames() {}

    /** The path, or null where the name cannot be one; the error has then been reported. */
    public static @Nullable Path path(String name, CompileContext context) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            context.error("Invalid path: " + name + " (" + e.getReason() + ")");
            return null;
        }
    }
}
