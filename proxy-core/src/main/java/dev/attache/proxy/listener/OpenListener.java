package dev.attache.proxy.listener;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a listener opened for the process: what all workers share of it. Made and closed
 * on the publishing thread; read by workers.
 */
public final class OpenListener {

    private final ListenerSpec spec;
    private final Scope scope;
    private final StatsStore.Hold hold;
    private final @Nullable FilterChainIndex index;
    private final @Nullable NamedChains named;
    private final List<OpenChain> chains;
    private final @Nullable OpenChain fallback;

    private OpenListener(
            ListenerSpec spec,
            Scope scope,
            StatsStore.Hold hold,
            @Nullable FilterChainIndex index,
            List<OpenChain> chains,
            @Nullable OpenChain fallback) {
        this.spec = spec;
        this.scope = scope;
        this.hold = hold;
        this.index = index;
        this.named =
                spec.filterChainMatcher() == null
                        ? null
                        : new NamedChains(spec.filterChainMatcher(), spec.filterChains());
        this.chains = chains;
        this.fallback = fallback;
    }

    /**
     * Opens {@code spec}; chains that {@code previous} has too keep their transport, and with it
     * TLS session tickets.
     *
     * @throws IllegalArgumentException when chains overlap or a transport cannot be opened
     */
    public static OpenListener open(
            ListenerSpec spec, StatsStore stats, @Nullable OpenListener previous) {
        String prefix = spec.statScope();
        StatsStore.Hold hold = stats.hold(prefix);
        Scope scope = stats.scope(prefix);
        Map<Object, OpenChain> known = previous == null ? Map.of() : previous.byFingerprint();
        List<OpenChain> chains = new ArrayList<>(spec.filterChains().size());
        OpenChain fallback = null;
        FilterChainIndex index = null;
        boolean complete = false;
        try {
            if (spec.filterChainMatcher() == null) {
                index =
                        new FilterChainIndex(
                                spec.name(),
                                spec.filterChains().stream().map(c -> c.match()).toList());
            }
            for (FilterChainSpec chain : spec.filterChains()) {
                chains.add(openChain(chain, scope, known));
            }
            if (spec.defaultFilterChain() != null) {
                fallback = openChain(spec.defaultFilterChain(), scope, known);
            }
            complete = true;
        } finally {
            if (!complete) {
                chains.forEach(OpenChain::release);
                hold.close();
            }
        }
        return new OpenListener(spec, scope, hold, index, List.copyOf(chains), fallback);
    }

    private static OpenChain openChain(
            FilterChainSpec chain, Scope scope, Map<Object, OpenChain> known) {
        OpenChain same = known.get(chain.fingerprint());
        return same != null ? same.hold() : new OpenChain(chain, scope);
    }

    private Map<Object, OpenChain> byFingerprint() {
        Map<Object, OpenChain> map = new HashMap<>();
        chains.forEach(chain -> map.putIfAbsent(chain.spec().fingerprint(), chain));
        if (fallback != null) {
            map.putIfAbsent(fallback.spec().fingerprint(), fallback);
        }
        return map;
    }

    public ListenerSpec spec() {
        return spec;
    }

    Scope scope() {
        return scope;
    }

    /** Position of a connection's chain; -1 = the default chain; {@link NamedChains#NONE}. */
    int find(ConnectionInfo connection) {
        if (named != null) {
            return named.find(connection);
        }
        return index == null ? -1 : index.find(connection);
    }

    /** Says of the chains in their order why {@link #find} does not answer with them. */
    void explain(ConnectionInfo connection, int found, Explanation into) {
        into.empty("not_matched");
        if (named != null) {
            named.explain(connection, into.part("matcher"));
            return;
        }
        ChainSearch search = new ChainSearch();
        if (index != null) {
            index.find(connection, search);
        }
        for (int i = 0; i < chains.size(); i++) {
            if (i != found) {
                Explanation said =
                        into.item("not_matched").say("name", chains.get(i).spec().name());
                search.explain(chains.get(i).spec().match(), said.say("position", i));
            }
        }
    }

    List<OpenChain> chains() {
        return chains;
    }

    @Nullable OpenChain fallback() {
        return fallback;
    }

    /** No worker will accept for this version any more. */
    public void close() {
        chains.forEach(OpenChain::release);
        if (fallback != null) {
            fallback.release();
        }
        hold.close();
    }
}
