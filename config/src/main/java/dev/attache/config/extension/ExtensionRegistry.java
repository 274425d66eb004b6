package dev.attache.config.extension;

import dev.attache.config.support.MessageSupport;
import dev.attache.config.support.SupportTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All extensions of this process. Which there are is fixed at construction, where a key that occurs
 * twice fails, until {@link #adopt} puts others in their place; the code of one is asked for when a
 * configuration first names it. Safe on any thread.
 */
public final class ExtensionRegistry {

    /** Of what comes with the proxy, and stays as long as it. */
    static final long BUILT_IN = 0;

    /** An extension of which a younger version has taken the place. */
    record Older(ExtensionEntry entry, long generation) {}

    /** What there is at one time. */
    private static final class Table {
        final Map<ExtensionKey, ExtensionEntry> entries = new HashMap<>();

        /** Of those that can be replaced: which loading they are of. */
        final Map<ExtensionKey, Long> generations = new HashMap<>();

        final Map<ExtensionKey, ExtensionCompiler<?, ?>> compilers = new ConcurrentHashMap<>();
        final SupportTable support = new SupportTable();

        /** Versions of those before whose streams may still be under way, the youngest first. */
        final Map<ExtensionKey, List<Older>> older = new HashMap<>();

        void addAll(Table other, Set<ExtensionKey> without) {
            other.entries.forEach((key, entry) -> {
                if (!without.contains(key)) {
                    add(entry, other.generations.getOrDefault(key, BUILT_IN));
                }
            });
            other.compilers.forEach((key, compiler) -> {
                if (!without.contains(key)) {
                    take(key, compiler);
                }
            });
        }

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

    /** What compilations on a thread find while they try out another registry. */
    private static final ScopedValue<ExtensionRegistry> TRIED = ScopedValue.newInstance();

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
        next.addAll(now, without);
        for (ExtensionEntry entry : with) {
            next.add(entry, generation);
            ExtensionEntry before = now.entries.get(entry.key());
            if (before != null) {
                List<Older> older = new ArrayList<>();
                older.add(new Older(before, now.generations.getOrDefault(entry.key(), BUILT_IN)));
                older.addAll(now.older.getOrDefault(entry.key(), List.of()));
                next.older.put(entry.key(), older);
            }
        }
        now.older.forEach((key, older) -> {
            if (!without.contains(key)) {
                next.older.put(key, older);
            }
        });
        return new ExtensionRegistry(next);
    }

    /** Has what another registry has, from now on. */
    public synchronized void adopt(ExtensionRegistry other) {
        table = other.table;
    }

    /** Lets a compilation on this thread find what another registry has, wherever it asks this. */
    public <T> T trying(ExtensionRegistry other, Supplier<T> compilation) {
        return ScopedValue.where(TRIED, other).call(compilation::get);
    }

    private Table table() {
        return TRIED.isBound() ? TRIED.get().table : table;
    }

    /** Nothing is compiled any more for the streams of a version that was replaced. */
    public synchronized void forgetOlder(long generation) {
        Table next = new Table();
        next.addAll(table, Set.of());
        table.older.forEach((key, older) -> {
            List<Older> left = new ArrayList<>(older);
            left.removeIf(each -> each.generation == generation);
            if (!left.isEmpty()) {
                next.older.put(key, left);
            }
        });
        table = next;
    }

    /**
     * The versions of an extension before the one that {@link #entry} names whose streams may still
     * be under way, the youngest first.
     */
    List<Older> older(ExtensionCategory category, String messageType) {
        Map<ExtensionKey, List<Older>> older = table().older;
        return older.isEmpty()
                ? List.of()
                : older.getOrDefault(new ExtensionKey(category, messageType), List.of());
    }

    /** What compiles a message type in a category, or null where there is no such extension. */
    @Nullable ExtensionCompiler<?, ?> find(ExtensionCategory category, String messageType) {
        Table now = table();
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
        return table().entries.get(new ExtensionKey(category, messageType));
    }

    /** Which loading of its code an extension is of; {@link #BUILT_IN} where there is one only. */
    long generation(ExtensionCategory category, String messageType) {
        Map<ExtensionKey, Long> generations = table().generations;
        return generations.isEmpty()
                ? BUILT_IN
                : generations.getOrDefault(new ExtensionKey(category, messageType), BUILT_IN);
    }

    /** Whether there is an extension for a message type in any category. */
    boolean knows(String messageType) {
        for (ExtensionKey key : table().entries.keySet()) {
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
        return table().support;
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
