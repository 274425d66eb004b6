package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's host set was last compiled to, for all workers. Any thread; whoever comes first
 * compiles, others that come meanwhile wait (about 2 ms for a Maglev table). Not for the hot path.
 */
public final class SharedTables {

    private final Scope scope;
    private final int workers;
    private final Map<Object, SharedTables> parts = new HashMap<>();
    private @Nullable HostSet source;
    private @Nullable Object compiled;

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
    @SuppressWarnings("unchecked")
    public synchronized <T> T get(HostSet hosts, Function<HostSet, T> compiler) {
        Object known = compiled;
        if (known == null || source != hosts) {
            known = compiler.apply(hosts);
            compiled = known;
            source = hosts;
        }
        return (T) known;
    }
}
