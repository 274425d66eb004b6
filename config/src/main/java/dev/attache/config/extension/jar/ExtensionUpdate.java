package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.load.TypeRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A new version of a jar, loaded and not in use: what the extensions of the process would be with
 * it. Immutable; any thread.
 *
 * @param jar null where it could not be read
 * @param factories those of its classes that are taken
 * @param refused why it, or one of its classes, is not, each in a line
 * @param registry with its extensions in the place of those of the version before it
 * @param types likewise
 */
public record ExtensionUpdate(
        Path path,
        @Nullable ExtensionJar jar,
        List<ExtensionJar.Factory> factories,
        List<String> refused,
        ExtensionRegistry registry,
        TypeRegistry types) {

    /** Runs a compilation on this thread as if the new version were in use. */
    public <T> T trying(UserExtensions now, Supplier<T> compilation) {
        return now.registry().trying(registry, () -> now.types().trying(types, compilation));
    }
}
