package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.DataSource}: read when the configuration is compiled. */
public final class DataSources {
    private DataSources() {}

    /**
     * The bytes, or null: either nothing is specified, or they cannot be had and the error has been
     * reported.
     */
    public static byte @Nullable [] bytes(DataSource source, CompileContext context) {
        return switch (source.getSpecifierCase()) {
            case FILENAME -> file(source.getFilename(), context.at("filename"));
            case INLINE_BYTES -> source.getInlineBytes().toByteArray();
            case INLINE_STRING -> source.getInlineString().getBytes(StandardCharsets.UTF_8);
            case ENVIRONMENT_VARIABLE -> {
                String value =
                        context.settings().environment().get(source.getEnvironmentVariable());
                if (value == null) {
                    context.at("environment_variable")
                            .error(
                                    "Environment variable doesn't exist: "
                                            + source.getEnvironmentVariable());
                    yield null;
                }
                yield value.getBytes(StandardCharsets.UTF_8);
            }
            case SPECIFIER_NOT_SET -> null;
        };
    }

    /** As {@link #bytes}, as UTF-8 text. */
    public static @Nullable String text(DataSource source, CompileContext context) {
        byte[] bytes = bytes(source, context);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** What to call the source in error texts and listings: file name or {@code <inline>}. */
    public static String name(DataSource source) {
        return switch (source.getSpecifierCase()) {
            case FILENAME -> source.getFilename();
            case INLINE_BYTES, INLINE_STRING -> "<inline>";
            case ENVIRONMENT_VARIABLE -> "<inline>";
            case SPECIFIER_NOT_SET -> "";
        };
    }

    /** The content of a file, or null: it cannot be had, which has been reported. */
    public static byte @Nullable [] file(String name, CompileContext context) {
        Path path = FileNames.path(name, context);
        if (path == null) {
            return null;
        }
        if (!Files.exists(path)) {
            context.error("Invalid path: " + name);
            return null;
        }
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            context.error("unable to read file: " + name + " (" + e.getMessage() + ")");
            return null;
        }
    }
}
