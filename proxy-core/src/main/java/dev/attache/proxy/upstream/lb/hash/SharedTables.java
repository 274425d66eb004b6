package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's host set was last compiled to, for all workers. Any thread; whoever comes first
 * compiles, others that come meanwhile for the same table wait (about 2 ms for a Maglev table);
 * nobody waits for a table of other hosts. Not for the hot path.
 */
public final class SharedTables {

    private final Scope scope;
    private final int workers;
    private final Map<Object, SharedTables> parts = new HashMap<>();
    private @Nullable Table latest;

    /** Of one host set. Any thread. */
    private static final class Table {
        private final HostSet source;
        private @Nullable Table before;
        private volatile @Nullable Object compiled;

        Table(HostSet source, @Nullable Table before) {
            this.source = source;
            this.before = before;
        }

        synchronized Object get(BiFunction<HostSet, @Nullable Object, Object> compiler) {
            Object known = compiled;
            if (known == null) {
                Table older = before;
                known = compiler.apply(source, older == null ? null : older.compiled);
                compiled = known;
                before = null;
            }
            return known;
        }
    }

    /**
     * @param scope {@code cluster.<altStatName>.}
     * @param workers how many share these
     */
    public SharedTables(Scope scope, int workers) {
        this.scope = scope;
        this.workers = workers;
    }

    /** Where tables tell how they came out. */
    public Scope scope() {
        return scope;
    }

    public int workers() {
        return workers;
    }

    /** Main thread: the parts of the hosts that have tables of their own from now on. */
    public synchronized void keepParts(Set<?> keys) {
        parts.keySet().retainAll(keys);
        keys.forEach(key -> parts.computeIfAbsent(key, none -> new SharedTables(scope, workers)));
    }

    /** A copy of the keys of those parts. */
    public synchronized Set<Object> parts() {
        return new HashSet<>(parts.keySet());
    }

    /** The tables of a part; of one that is gone, or not known yet, tables that nobody shares. */
    public synchronized SharedTables part(Object key) {
        SharedTables known = parts.get(key);
        return known == null ? new SharedTables(scope, workers) : known;
    }

    /** The compiled form of {@code hosts}; {@code compiler} is the same for every caller. */
    public <T> T get(HostSet hosts, Function<HostSet, T> compiler) {
        return next(hosts, (set, before) -> compiler.apply(set));
    }

    /**
     * The same, made of the hosts and of what those before came to, where that is known.
     *
     * @param compiler always the same, and of one kind of result
     */
    @SuppressWarnings("unchecked")
    public <T> T next(HostSet hosts, BiFunction<HostSet, @Nullable T, T> compiler) {
        return (T) table(hosts).get((set, before) -> compiler.apply(set, (T) before));
    }

    /** Who comes late with hosts that are no more makes a table that nobody shares. */
    private synchronized Table table(HostSet hosts) {
        Table known = latest;
        if (known != null && known.source == hosts) {
            return known;
        }
        Table made = new Table(hosts, known);
        if (known == null || known.source.version() <= hosts.version()) {
            latest = made;
        }
        return made;
    }
}
