package dev.attache.server.review.dryrun;

import com.google.protobuf.Message;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Piece;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What differs between two configurations that the same compilers have compiled, and what that does
 * to connections. On any one thread.
 */
final class ConfigurationDiff {

    private final Configuration before;
    private final Configuration after;
    private final StatsStore stats;
    private final Set<String> refused;
    private final Explanation said;

    /**
     * @param stats of the proxy that serves {@code before}
     * @param refused resources, as diagnostics call them, of which what is there now stays
     */
    ConfigurationDiff(
            Configuration before,
            Configuration after,
            StatsStore stats,
            Set<String> refused,
            Explanation said) {
        this.before = before;
        this.after = after;
        this.stats = stats;
        this.refused = refused;
        this.said = said;
    }

    void say() {
        compare(
                "listeners",
                "listener",
                listeners(before),
                listeners(after),
                this::listenerChanged,
                (old, item) -> item.say("connections", connections(old.spec().spec())));
        compare(
                "clusters",
                "cluster",
                byName(before.clusters()),
                byName(after.clusters()),
                (old, next, item) ->
                        item.say("connections", connections(old.spec().spec().statRoot())),
                (old, item) -> item.say("connections", connections(old.spec().spec().statRoot())));
        compare(
                "routes",
                "route configuration",
                byName(before.routes()),
                byName(after.routes()),
                (old, next, item) -> {},
                (old, item) -> {});
        compare(
                "endpoints",
                "endpoints",
                byName(before.endpoints()),
                byName(after.endpoints()),
                (old, next, item) ->
                        item.say("hosts_before", hosts(old.spec()))
                                .say("hosts", hosts(next.spec())),
                (old, item) -> {});
    }

    /** What is said of two versions. */
    private interface Changed<P> {
        void say(P before, P after, Explanation into);
    }

    private <M extends Message, S> void compare(
            String list,
            String noun,
            Map<String, Piece<M, S>> old,
            Map<String, Piece<M, S>> next,
            Changed<Piece<M, S>> changed,
            BiConsumer<Piece<M, S>, Explanation> gone) {
        Explanation part = said.part(list);
        part.empty("added").empty("changed").empty("removed");
        long same = 0;
        for (Map.Entry<String, Piece<M, S>> each : next.entrySet()) {
            Piece<M, S> known = old.get(each.getKey());
            if (known == null) {
                part.item("added").say("name", each.getKey());
            } else if (known.message().equals(each.getValue().message())) {
                same++;
            } else {
                Explanation item = part.item("changed").say("name", each.getKey());
                changed.say(known, each.getValue(), item);
            }
        }
        for (Map.Entry<String, Piece<M, S>> each : old.entrySet()) {
            boolean stays = refused.contains(noun + " '" + each.getKey() + "'");
            if (!next.containsKey(each.getKey()) && !stays) {
                gone.accept(each.getValue(), part.item("removed").say("name", each.getKey()));
            }
        }
        part.say("unchanged", same);
    }

    private void listenerChanged(
            Piece<Listener, ListenerParts> old,
            Piece<Listener, ListenerParts> next,
            Explanation item) {
        ListenerSpec from = old.spec().spec();
        ListenerSpec to = next.spec().spec();
        boolean inPlace = from.becomesInPlace(to);
        item.say("how", inPlace ? "in place" : "the listener drains whole");
        item.say("connections", connections(from));
        if (inPlace) {
            Set<Object> stay = fingerprints(to);
            Set<Object> were = fingerprints(from);
            item.say("chains_drained", chains(from, stay)).say("chains_added", chains(to, were));
        }
    }

    private static Set<Object> fingerprints(ListenerSpec listener) {
        Set<Object> all = new HashSet<>();
        chains(listener).forEach(chain -> all.add(chain.fingerprint()));
        return all;
    }

    private static List<FilterChainSpec> chains(ListenerSpec listener) {
        List<FilterChainSpec> all = new ArrayList<>(listener.filterChains());
        FilterChainSpec last = listener.defaultFilterChain();
        if (last != null) {
            all.add(last);
        }
        return all;
    }

    /** Names of the chains whose content is none of these; a number for one without a name. */
    private static List<String> chains(ListenerSpec listener, Set<Object> others) {
        List<String> names = new ArrayList<>();
        List<FilterChainSpec> all = chains(listener);
        for (int i = 0; i < all.size(); i++) {
            if (!others.contains(all.get(i).fingerprint())) {
                String name = all.get(i).name();
                names.add(name.isEmpty() ? "filter_chains[" + i + "]" : name);
            }
        }
        return names;
    }

    private long connections(ListenerSpec listener) {
        return gauge(listener.statScope() + "downstream_cx_active");
    }

    private long connections(String statRoot) {
        return gauge(statRoot + ".upstream_cx_active");
    }

    private long gauge(String name) {
        Gauge gauge = stats.listedGauge(StatsStore.sanitize(name));
        return gauge == null ? 0 : gauge.value();
    }

    private static long hosts(LoadAssignment assignment) {
        return assignment.localities().stream().mapToLong(each -> each.endpoints().size()).sum();
    }

    /** One without a name is known by where it listens. */
    private static Map<String, Piece<Listener, ListenerParts>> listeners(Configuration of) {
        Map<String, Piece<Listener, ListenerParts>> named = new LinkedHashMap<>();
        for (Piece<Listener, ListenerParts> each : of.listeners()) {
            String name = each.message().getName();
            named.put(name.isEmpty() ? each.spec().spec().addresses() : name, each);
        }
        return named;
    }

    private static <M extends Message, S> Map<String, Piece<M, S>> byName(
            Collection<Piece<M, S>> pieces) {
        Map<String, Piece<M, S>> named = new LinkedHashMap<>();
        pieces.forEach(each -> named.put(each.name(), each));
        return named;
    }
}
