package dev.attache.config.extension.jar;

import com.google.protobuf.Message;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.load.TypeRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        return trying(now, registry, types, compilation);
    }

    private static <T> T trying(
            UserExtensions now,
            ExtensionRegistry registry,
            TypeRegistry types,
            Supplier<T> compilation) {
        return now.registry().trying(registry, () -> now.types().trying(types, compilation));
    }

    /**
     * Runs a compilation on this thread of something that uses this version, which serves, or did
     * until its jar was removed: what uses it goes on, so it finds it still.
     */
    public <T> T using(UserExtensions now, Supplier<T> compilation) {
        List<ExtensionEntry> gone = new ArrayList<>();
        List<Message> prototypes = new ArrayList<>();
        for (ExtensionJar.Factory factory : factories) {
            for (ExtensionEntry entry : factory.entries()) {
                ExtensionKey key = entry.key();
                if (now.registry().entry(key.category(), key.messageType()) == null) {
                    gone.add(entry);
                    prototypes.add(entry.compiler().prototype());
                }
            }
        }
        if (jar == null || gone.isEmpty()) {
            return compilation.get();
        }
        return trying(
                now,
                now.registry().replacing(Set.of(), gone, jar.generation()),
                now.types().replacing(List.of(), prototypes),
                compilation);
    }
}
