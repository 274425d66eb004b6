package dev.attache.config.accesslog;

import dev.attache.config.core.FileNames;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.log.LineLog;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Opens files that take events. */
public final class LineLogs {
    private LineLogs() {}

    /** The file, or null with an error at the context's path. */
    public static @Nullable LineLog open(String path, CompileContext context) {
        if (FileNames.path(path, context) == null) {
            return null;
        }
        try {
            return context.settings().logFiles().openLines(path);
        } catch (IOException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
