package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster's host set was last compiled to, for all workers. Any thread; whoever comes first
 * compiles, others that come meanwhile wait (about 2 ms for a Maglev table). Not for the hot path.
 */
public final class SharedTables {

    private final Scope scope;
    private @Nullable HostSet source;
    private @Nullable Object compiled;

    /**
     * @param scope {@code cluster.<altStatName>.}
     */
    public SharedTables(Scope scope) {
        this.scope = scope;
    }

    /** Where tables tell how they came out. */
    public Scope scope() {
        return scope;
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
