package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code envoy.extensions.load_balancing_policies.subset.v3.Subset}, and {@code
 * Cluster.lb_subset_config}.
 *
 * @param child what picks among the hosts of a subset
 * @param fallback never {@link SubsetFallback#NOT_DEFINED} or {@link SubsetFallback#KEYS_SUBSET}
 * @param defaultSubset what hosts of the default subset have; empty = every host is of it
 * @param localityWeightAware locality weights count within subsets
 * @param scaleLocalityWeight by the share of a locality's hosts that the subset has
 * @param panicModeAny a fallback that finds no host is any host
 * @param listAsAny a host whose value is a list has each of its elements
 * @param fallbackList {@code metadata_fallback_policy: FALLBACK_LIST}
 * @param allowRedundantKeys keys that no selector needs are disregarded
 */
public record SubsetSpec(
        LoadBalancerSpec child,
        List<SubsetSelector> selectors,
        SubsetFallback fallback,
        MetadataValue.Struct defaultSubset,
        boolean localityWeightAware,
        boolean scaleLocalityWeight,
        boolean panicModeAny,
        boolean listAsAny,
        boolean fallbackList,
        boolean allowRedundantKeys)
        implements LoadBalancerSpec {

    public SubsetSpec {
        selectors = List.copyOf(selectors);
    }

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        return new SubsetBalancer(this, context);
    }

    @Override
    public void prepare(HostSet hosts, LoadBalancingSettings settings, SharedTables tables) {
        SubsetTable table = SubsetTable.of(this, hosts, tables);
        register(table.keys(), tables);
        tables.scope().gauge("lb_subsets_single_host_per_subset_duplicate").set(table.duplicates());
        LoadBalancingSettings inside = inside(settings);
        for (int i = 0; i < table.size(); i++) {
            Subset subset = table.at(i);
            if (subset.single() == null) {
                child.prepare(subset.hosts(), inside, tables.part(subset.key()));
            }
        }
    }

    @Override
    public void retire(SharedTables tables) {
        register(Set.of(), tables);
    }

    /** Counts as Envoy does, whose main thread and workers have each subset. */
    private static void register(Set<SubsetKey> next, SharedTables tables) {
        Set<Object> before = tables.parts();
        Set<Object> gone = new HashSet<>(before);
        gone.removeAll(next);
        Set<Object> added = new HashSet<>(next);
        added.removeAll(before);
        tables.keepParts(next);
        long created = counted(added) * (tables.workers() + 1);
        long removed = counted(gone) * (tables.workers() + 1);
        Scope scope = tables.scope();
        scope.counter("lb_subsets_created").add(created);
        scope.counter("lb_subsets_removed").add(removed);
        scope.gauge("lb_subsets_active").add(created - removed);
    }

    private static long counted(Set<Object> keys) {
        return keys.stream()
                .filter(key -> key != SubsetKey.ANY && key != SubsetKey.DEFAULT)
                .count();
    }

    /** Settings of the policies within subsets. */
    LoadBalancingSettings inside(LoadBalancingSettings settings) {
        return !localityWeightAware && settings.localityMode() == LocalityMode.LOCALITY_WEIGHTED
                ? settings.withLocalityMode(LocalityMode.DISREGARDED)
                : settings;
    }

    /** Some fallback asks for every host. */
    boolean needsAny() {
        return panicModeAny || falls(SubsetFallback.ANY_ENDPOINT);
    }

    /** Some fallback asks for the default subset. */
    boolean needsDefault() {
        return falls(SubsetFallback.DEFAULT_SUBSET);
    }

    private boolean falls(SubsetFallback wanted) {
        return fallback == wanted
                || selectors.stream().anyMatch(selector -> selector.fallback() == wanted);
    }
}
