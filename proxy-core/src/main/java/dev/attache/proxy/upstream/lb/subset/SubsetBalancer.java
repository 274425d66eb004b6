package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.BalancerStats.Stat;
import dev.attache.proxy.upstream.lb.ExplainedHosts;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.OverrideHosts;
import dev.attache.proxy.upstream.lb.PickContext;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One worker's subsets: the table is everyone's, the balancers within subsets are its own, made
 * when they are first picked from and kept while their subset has hosts. Loop-confined.
 */
final class SubsetBalancer implements LoadBalancer {

    private final SubsetSpec spec;
    private final BalancerContext context;
    private final KeySets keySets;
    private final OverrideHosts overrides;
    private final MetadataVariants variants = new MetadataVariants();
    private @Nullable SubsetTable table;

    /** Where a pick says what it comes to in place of picking and counting; mostly null. */
    private @Nullable Explanation asked;

    private @Nullable LoadBalancer[] balancers = new @Nullable LoadBalancer[0];

    SubsetBalancer(SubsetSpec spec, BalancerContext context) {
        this.spec = spec;
        this.context = context;
        this.keySets = new KeySets(spec);
        this.overrides = new OverrideHosts(context.settings().overrideHostStatus());
    }

    @Override
    public void hosts(HostSet next) {
        overrides.hosts(next);
        SubsetTable made = SubsetTable.of(spec, next, context.tables());
        @Nullable LoadBalancer[] kept = new @Nullable LoadBalancer[made.size()];
        SubsetTable before = table;
        for (int i = 0; before != null && i < balancers.length; i++) {
            LoadBalancer balancer = balancers[i];
            Subset now = balancer == null ? null : made.get(before.at(i).key());
            if (balancer != null && now != null) {
                if (now.hosts() != before.at(i).hosts()) {
                    balancer.hosts(now.hosts());
                }
                kept[now.index()] = balancer;
            }
        }
        balancers = kept;
        table = made;
    }

    @Override
    public Pick pick(PickContext request) {
        SubsetTable now = table;
        if (now == null) {
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        String wanted = request.overrideHost();
        if (wanted != null) {
            Host host = overrides.find(wanted);
            if (host != null) {
                return host;
            }
            if (request.overrideHostStrict()) {
                return Pick.None.NO_HEALTHY_UPSTREAM;
            }
        }
        MetadataValue.Struct criteria = request.metadataMatch();
        if (criteria != null && spec.fallbackList() && MetadataVariants.present(criteria)) {
            return firstOf(now, request, criteria);
        }
        return pick(now, request, criteria, criteria == null ? null : keySets.of(criteria));
    }

    private Pick firstOf(SubsetTable now, PickContext request, MetadataValue.Struct criteria) {
        for (MetadataValue.Struct variant : variants.of(criteria)) {
            if (pick(now, request, variant, keySets.of(variant)) instanceof Host host) {
                return host;
            }
        }
        return Pick.None.NO_HEALTHY_UPSTREAM;
    }

    /**
     * @param keys those of {@code criteria} that count; null = no selector has these
     */
    private Pick pick(
            SubsetTable now,
            PickContext request,
            MetadataValue.@Nullable Struct criteria,
            @Nullable KeySet keys) {
        if (criteria != null && keys != null) {
            Subset subset = now.find(keys, criteria);
            if (subset != null) {
                count(Stat.LB_SUBSETS_SELECTED);
                return pickFrom(subset, request);
            }
            switch (keys.fallback) {
                case NO_FALLBACK -> {
                    return Pick.None.NO_HEALTHY_UPSTREAM;
                }
                case ANY_ENDPOINT -> {
                    return pickFrom(now.get(SubsetKey.ANY), request);
                }
                case DEFAULT_SUBSET -> {
                    return pickFrom(now.get(SubsetKey.DEFAULT), request);
                }
                case KEYS_SUBSET -> {
                    return pick(now, request, criteria, keys.fewer());
                }
                case NOT_DEFINED -> {}
            }
        }
        return fallBack(now, request);
    }

    private Pick fallBack(SubsetTable now, PickContext request) {
        if (spec.fallback() == SubsetFallback.NO_FALLBACK) {
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        boolean any = spec.fallback() == SubsetFallback.ANY_ENDPOINT;
        Pick pick = pickFrom(now.get(any ? SubsetKey.ANY : SubsetKey.DEFAULT), request);
        if (pick instanceof Host) {
            count(Stat.LB_SUBSETS_FALLBACK);
            return pick;
        }
        if (spec.panicModeAny()) {
            pick = pickFrom(now.get(SubsetKey.ANY), request);
            if (pick instanceof Host) {
                count(Stat.LB_SUBSETS_FALLBACK_PANIC);
            }
        }
        return pick;
    }

    private Pick pickFrom(@Nullable Subset subset, PickContext request) {
        if (subset == null) {
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        Host single = subset.single();
        Explanation why = asked;
        if (why != null) {
            return explained(subset, single, request, why);
        }
        if (single != null) {
            return single;
        }
        LoadBalancer present = balancers[subset.index()];
        return (present != null ? present : open(subset)).pick(request);
    }

    private void count(Stat stat) {
        if (asked == null) {
            context.stats().inc(stat);
        }
    }

    /** By the way that picks go: what they would do, said in place of done. */
    @Override
    public boolean explain(PickContext request, Explanation into) {
        MetadataValue.Struct criteria = request.metadataMatch();
        if (criteria != null) {
            into.say("metadata_match", criteria.fields().toString());
        }
        asked = into;
        try {
            return pick(request) instanceof Host;
        } finally {
            asked = null;
        }
    }

    private Pick explained(
            Subset subset, @Nullable Host single, PickContext request, Explanation into) {
        into.say("subset", subset.key().toString());
        if (single != null) {
            ExplainedHosts.say(List.of(single), Set.of(single), into);
            return single;
        }
        LoadBalancer present = balancers[subset.index()];
        boolean any = (present != null ? present : open(subset)).explain(request, into);
        return any && !subset.hosts().hosts().isEmpty()
                ? subset.hosts().hosts().getFirst()
                : Pick.None.NO_HEALTHY_UPSTREAM;
    }

    private LoadBalancer open(Subset subset) {
        LoadBalancer opened =
                spec.child()
                        .newBalancer(
                                new BalancerContext(
                                        context.worker(),
                                        spec.inside(context.settings()),
                                        context.locality(),
                                        context.localHosts(),
                                        context.tables().part(subset.key()),
                                        context.stats()));
        opened.hosts(subset.hosts());
        balancers[subset.index()] = opened;
        return opened;
    }
}
