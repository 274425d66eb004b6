package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hosts of a subset while it is made, by level and locality of the whole set. */
final class SubsetMembers {

    private final HostSet whole;
    private final HostViews views;
    private final boolean singleHost;
    private final @Nullable List<Host>[][] hosts;
    private @Nullable Host first;

    @SuppressWarnings("unchecked")
    SubsetMembers(HostSet whole, HostViews views, boolean singleHost) {
        this.whole = whole;
        this.views = views;
        this.singleHost = singleHost;
        this.hosts = (List<Host>[][]) new List<?>[singleHost ? 0 : whole.priorities().size()][];
    }

    boolean singleHost() {
        return singleHost;
    }

    /** Levels and localities in their order; the same host several times counts once. */
    @SuppressWarnings("unchecked")
    void add(Host host, int level, int locality) {
        if (first == null) {
            first = host;
        }
        if (singleHost) {
            return;
        }
        if (hosts[level] == null) {
            int count = whole.priorities().get(level).localities().size();
            hosts[level] = (List<Host>[]) new List<?>[count];
        }
        List<Host> known = hosts[level][locality];
        if (known == null) {
            known = new ArrayList<>();
            hosts[level][locality] = known;
        }
        if (known.isEmpty() || known.getLast() != host) {
            known.add(host);
        }
    }

    Subset subset(SubsetKey key, int index, SubsetSpec spec) {
        return singleHost
                ? new Subset(key, index, first, HostSet.EMPTY)
                : new Subset(key, index, null, hostSet(spec));
    }

    private HostSet hostSet(SubsetSpec spec) {
        List<PriorityHosts> levels = new ArrayList<>();
        for (int i = 0; i < whole.priorities().size(); i++) {
            PriorityHosts level = whole.priorities().get(i);
            List<LocalityHosts> localities = new ArrayList<>();
            for (int n = 0; n < level.localities().size(); n++) {
                List<Host> own = hosts[i] == null ? null : hosts[i][n];
                LocalityHosts all = level.localities().get(n);
                localities.add(part(all, own == null ? List.of() : own, views.of(i, n), spec));
            }
            levels.add(
                    PriorityHosts.of(
                            level.priority(),
                            localities,
                            level.overprovisioningFactor(),
                            level.weightedPriorityHealth()));
        }
        return new HostSet(whole.version(), levels, List.of());
    }

    private static LocalityHosts part(
            LocalityHosts all, List<Host> own, HostViews.Of views, SubsetSpec spec) {
        int excluded = 0;
        for (Host host : own) {
            excluded += all.excluded() > 0 && host.excluded() ? 1 : 0;
        }
        return new LocalityHosts(
                all.locality(),
                weight(all, own.size(), spec),
                own,
                views.healthy(own),
                views.degraded(own),
                excluded);
    }

    private static int weight(LocalityHosts all, int own, SubsetSpec spec) {
        if (!spec.scaleLocalityWeight()) {
            return all.weight();
        }
        int size = all.hosts().size();
        return size == 0 ? 0 : Math.round((float) ((long) all.weight() * own) / size);
    }
}
