package dev.attache.config.extension;

import dev.attache.config.support.MessageSupport;
import dev.attache.config.support.SupportTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All extensions of this process. Which there are is fixed at construction, where a key that occurs
 * twice fails, until {@link #adopt} puts others in their place; the code of one is asked for when a
 * configuration first names it. Safe on any thread.
 */
public final class ExtensionRegistry {

    /** Of what comes with the proxy, and stays as long as it. */
    static final long BUILT_IN = 0;

    /** What there is at one time. */
    private static final class Table {
        final Map<ExtensionKey, ExtensionEntry> entries = new HashMap<>();

        /** Of those that can be replaced: which loading they are of. */
        final Map<ExtensionKey, Long> generations = new HashMap<>();

        final Map<ExtensionKey, ExtensionCompiler<?, ?>> compilers = new ConcurrentHashMap<>();
        final SupportTable support = new SupportTable();

        void add(ExtensionEntry entry, long generation) {
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
            if (generation != BUILT_IN) {
                generations.put(entry.key(), generation);
            }
        }

        ExtensionCompiler<?, ?> load(ExtensionEntry entry) {
            return take(entry.key(), entry.compiler());
        }

        ExtensionCompiler<?, ?> take(ExtensionKey key, ExtensionCompiler<?, ?> compiler) {
            // Before another thread finds it. One message may serve two categories, with one
            // declaration.
            for (MessageSupport message : compiler.support()) {
                support.addIfAbsent(message);
            }
            ExtensionCompiler<?, ?> other = compilers.putIfAbsent(key, compiler);
            return other == null ? compiler : other;
        }
    }

    private volatile Table table;

    /**
     * @param extensions built-ins and users' extensions together
     */
    public ExtensionRegistry(List<? extends ExtensionEntry> extensions) {
        Table made = new Table();
        extensions.forEach(entry -> made.add(entry, BUILT_IN));
        this.table = made;
    }

    private ExtensionRegistry(Table table) {
        this.table = table;
    }

    /**
     * A registry with some extensions in the place of others; this one stays as it is.
     *
     * @param without those that it does not have
     * @param with those that it has more
     * @param generation of the latter, positive: which loading of its code an extension is of
     */
    public ExtensionRegistry replacing(
            Set<ExtensionKey> without, List<? extends ExtensionEntry> with, long generation) {
        Table now = table;
        Table next = new Table();
        now.entries.forEach((key, entry) -> {
            if (!without.contains(key)) {
                next.add(entry, now.generations.getOrDefault(key, BUILT_IN));
            }
        });
        now.compilers.forEach((key, compiler) -> {
            if (!without.contains(key)) {
                next.take(key, compiler);
            }
        });
        with.forEach(entry -> next.add(entry, generation));
        return new ExtensionRegistry(next);
    }

    /** Has what another registry has, from now on. */
    public void adopt(ExtensionRegistry other) {
        table = other.table;
    }

    /** What compiles a message type in a category, or null where there is no such extension. */
    @Nullable ExtensionCompiler<?, ?> find(ExtensionCategory category, String messageType) {
        Table now = table;
        ExtensionKey key = new ExtensionKey(category, messageType);
        ExtensionCompiler<?, ?> known = now.compilers.get(key);
        if (known != null) {
            return known;
        }
        ExtensionEntry entry = now.entries.get(key);
        return entry == null ? null : now.load(entry);
    }

    /** The extension of a message type in a category, or null; loads nothing of it. */
    public @Nullable ExtensionEntry entry(ExtensionCategory category, String messageType) {
        return table.entries.get(new ExtensionKey(category, messageType));
    }

    /** Which loading of its code an extension is of; {@link #BUILT_IN} where there is one only. */
    long generation(ExtensionCategory category, String messageType) {
        Map<ExtensionKey, Long> generations = table.generations;
        return generations.isEmpty()
                ? BUILT_IN
                : generations.getOrDefault(new ExtensionKey(category, messageType), BUILT_IN);
    }

    /** Whether there is an extension for a message type in any category. */
    boolean knows(String messageType) {
        for (ExtensionKey key : table.entries.keySet()) {
            if (key.messageType().equals(messageType)) {
                return true;
            }
        }
        return false;
    }

    /** All extensions, ordered by category and message type. */
    public List<ExtensionEntry> all() {
        List<ExtensionEntry> all = new ArrayList<>(table.entries.values());
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
        return table.support;
    }

    /** What all users' extensions declare; they are loaded for it. */
    SupportTable wholeSupport() {
        Table now = table;
        for (ExtensionEntry entry : now.entries.values()) {
            find(entry.key().category(), entry.key().messageType());
        }
        return now.support;
    }
}
