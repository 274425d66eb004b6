package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.ArrayList;
import java.util.Iterator;
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

    /**
     * @param before the same subset of a set with the same frame, or null
     */
    Subset subset(SubsetKey key, int index, SubsetSpec spec, @Nullable Subset before) {
        if (singleHost) {
            return new Subset(key, index, first, HostSet.EMPTY, List.of());
        }
        if (before != null && isAs(before, spec)) {
            return new Subset(key, index, null, before.hosts(), before.told());
        }
        HostSet made = hostSet(spec);
        return new Subset(
                key, index, null, made, made.hosts().stream().map(Subset.Told::of).toList());
    }

    /** Whether two sets differ, if at all, in hosts and their health alone. */
    static boolean sameFrame(HostSet before, HostSet now) {
        if (before.priorities().size() != now.priorities().size()) {
            return false;
        }
        for (int i = 0; i < now.priorities().size(); i++) {
            if (!sameFrame(before.priorities().get(i), now.priorities().get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameFrame(PriorityHosts before, PriorityHosts now) {
        boolean same =
                before.priority() == now.priority()
                        && before.overprovisioningFactor() == now.overprovisioningFactor()
                        && before.weightedPriorityHealth() == now.weightedPriorityHealth()
                        && before.localities().size() == now.localities().size();
        for (int n = 0; same && n < now.localities().size(); n++) {
            LocalityHosts then = before.localities().get(n);
            LocalityHosts all = now.localities().get(n);
            same = then.locality().equals(all.locality()) && then.weight() == all.weight();
        }
        return same;
    }

    private boolean isAs(Subset before, SubsetSpec spec) {
        Iterator<Subset.Told> told = before.told().iterator();
        for (int i = 0; i < whole.priorities().size(); i++) {
            List<LocalityHosts> localities = whole.priorities().get(i).localities();
            for (int n = 0; n < localities.size(); n++) {
                LocalityHosts then = before.hosts().priorities().get(i).localities().get(n);
                if (!isAs(then, told, localities.get(n), members(i, n), views.of(i, n), spec)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isAs(
            LocalityHosts then,
            Iterator<Subset.Told> told,
            LocalityHosts all,
            List<Host> own,
            HostViews.Of views,
            SubsetSpec spec) {
        if (then.weight() != weight(all, own.size(), spec) || !then.hosts().equals(own)) {
            return false;
        }
        for (Host host : own) {
            if (!told.next().stillHolds(host)) {
                return false;
            }
        }
        return own.isEmpty()
                || then.excluded() == excluded(all, own)
                        && then.healthy().equals(views.healthy(own))
                        && then.degraded().equals(views.degraded(own));
    }

    private List<Host> members(int level, int locality) {
        List<Host> own = hosts[level] == null ? null : hosts[level][locality];
        return own == null ? List.of() : own;
    }

    private HostSet hostSet(SubsetSpec spec) {
        List<PriorityHosts> levels = new ArrayList<>();
        for (int i = 0; i < whole.priorities().size(); i++) {
            PriorityHosts level = whole.priorities().get(i);
            List<LocalityHosts> localities = new ArrayList<>();
            for (int n = 0; n < level.localities().size(); n++) {
                LocalityHosts all = level.localities().get(n);
                localities.add(part(all, members(i, n), views.of(i, n), spec));
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
        return new LocalityHosts(
                all.locality(),
                weight(all, own.size(), spec),
                own,
                views.healthy(own),
                views.degraded(own),
                excluded(all, own));
    }

    private static int excluded(LocalityHosts all, List<Host> own) {
        int excluded = 0;
        for (Host host : own) {
            excluded += all.excluded() > 0 && host.excluded() ? 1 : 0;
        }
        return excluded;
    }

    private static int weight(LocalityHosts all, int own, SubsetSpec spec) {
        if (!spec.scaleLocalityWeight()) {
            return all.weight();
        }
        int size = all.hosts().size();
        return size == 0 ? 0 : Math.round((float) ((long) all.weight() * own) / size);
    }
}
