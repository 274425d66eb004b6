package dev.attache.config.extension;

import dev.attache.config.support.MessageSupport;
import dev.attache.config.support.SupportTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All extensions of this process. Which there are is fixed at construction, where a key that occurs
 * twice fails; the code of one is asked for when a configuration first names it. Safe on any
 * thread.
 */
public final class ExtensionRegistry {
    private final Map<ExtensionKey, ExtensionEntry> entries = new HashMap<>();
    private final Map<ExtensionKey, ExtensionCompiler<?, ?>> compilers = new ConcurrentHashMap<>();
    private final SupportTable support = new SupportTable();

    /**
     * @param extensions built-ins and users' extensions together
     */
    public ExtensionRegistry(List<? extends ExtensionEntry> extensions) {
        for (ExtensionEntry entry : extensions) {
            ExtensionEntry other = entries.putIfAbsent(entry.key(), entry);
            if (other != null) {
                throw new IllegalStateException(
                        "extension "
                                + entry.key()
                                + " is registered twice: by "
                                + other.getClass().getName()
                                + " and by "
                                + entry.getClass().getName());
            }
        }
    }

    /** What compiles a message type in a category, or null where there is no such extension. */
    @Nullable ExtensionCompiler<?, ?> find(ExtensionCategory category, String messageType) {
        ExtensionKey key = new ExtensionKey(category, messageType);
        ExtensionCompiler<?, ?> known = compilers.get(key);
        if (known != null) {
            return known;
        }
        ExtensionEntry entry = entries.get(key);
        return entry == null ? null : load(entry);
    }

    private ExtensionCompiler<?, ?> load(ExtensionEntry entry) {
        ExtensionCompiler<?, ?> compiler = entry.compiler();
        // Before another thread finds it. One message may serve two categories, with one
        // declaration.
        for (MessageSupport message : compiler.support()) {
            support.addIfAbsent(message);
        }
        ExtensionCompiler<?, ?> other = compilers.putIfAbsent(entry.key(), compiler);
        return other == null ? compiler : other;
    }

    /** The extension of a message type in a category, or null; loads nothing of it. */
    @Nullable ExtensionEntry entry(ExtensionCategory category, String messageType) {
        return entries.get(new ExtensionKey(category, messageType));
    }

    /** Whether there is an extension for a message type in any category. */
    boolean knows(String messageType) {
        for (ExtensionKey key : entries.keySet()) {
            if (key.messageType().equals(messageType)) {
                return true;
            }
        }
        return false;
    }

    /** All extensions, ordered by category and message type. */
    public List<ExtensionEntry> all() {
        List<ExtensionEntry> all = new ArrayList<>(entries.values());
        all.sort((a, b) -> {
            int byCategory = a.key().category().compareTo(b.key().category());
            return byCategory != 0
                    ? byCategory
                    : a.key().messageType().compareTo(b.key().messageType());
        });
        return all;
    }

    /** What those of users' extensions declare that were named so far. */
    SupportTable support() {
        return support;
    }

    /** What all users' extensions declare; they are loaded for it. */
    SupportTable wholeSupport() {
        for (ExtensionEntry entry : entries.values()) {
            find(entry.key().category(), entry.key().messageType());
        }
        return support;
    }
}
