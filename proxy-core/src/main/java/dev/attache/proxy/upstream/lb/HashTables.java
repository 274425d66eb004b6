package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings.LocalityMode;
import dev.attache.proxy.upstream.lb.hash.HashTable;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import dev.attache.proxy.upstream.lb.hash.WeightedHost;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a host set comes to for ring hash and Maglev, level by level. Immutable. */
record HashTables(
        HostSet set, PriorityLoads loads, HashTable[] byLevel, Host[][] hosts, double[][] shares) {

    /** Those that {@code shared} holds already, or new ones. Any thread. */
    static HashTables of(
            HostSet hosts,
            LoadBalancingSettings settings,
            SharedTables shared,
            Function<List<WeightedHost>, HashTable> builder) {
        return shared.get(hosts, next -> build(next, settings, shared, builder));
    }

    private static HashTables build(
            HostSet next,
            LoadBalancingSettings settings,
            SharedTables shared,
            Function<List<WeightedHost>, HashTable> builder) {
        PriorityLoads loads = PriorityLoads.of(next, settings.healthyPanicThreshold());
        int levels = next.priorities().size();
        HashTable[] byLevel = new HashTable[levels];
        Host[][] hosts = new Host[levels][];
        double[][] shares = new double[levels][];
        for (int i = 0; i < levels; i++) {
            List<WeightedHost> members =
                    members(next.priorities().get(i), loads.panic[i], settings);
            byLevel[i] = builder.apply(members);
            byLevel[i].report(shared.scope());
            hosts[i] = members.stream().map(WeightedHost::host).toArray(Host[]::new);
            shares[i] = members.stream().mapToDouble(WeightedHost::share).toArray();
        }
        return new HashTables(next, loads, byLevel, hosts, shares);
    }

    private static List<WeightedHost> members(
            PriorityHosts level, boolean panic, LoadBalancingSettings settings) {
        List<WeightedHost> members = new ArrayList<>();
        long localityTotal = 0;
        for (LocalityHosts group : level.localities()) {
            localityTotal += group.weight();
        }
        if (settings.localityMode() != LocalityMode.LOCALITY_WEIGHTED || localityTotal == 0) {
            if (settings.localityMode() != LocalityMode.LOCALITY_WEIGHTED) {
                share(panic ? level.hosts() : level.healthy(), 1, members);
            }
            return members;
        }
        for (LocalityHosts group : level.localities()) {
            if (group.weight() > 0) {
                share(
                        panic ? group.hosts() : group.healthy(),
                        (double) group.weight() / localityTotal,
                        members);
            }
        }
        return members;
    }

    private static void share(List<Host> hosts, double whole, List<WeightedHost> into) {
        long total = 0;
        for (Host host : hosts) {
            total += host.weight();
        }
        for (Host host : hosts) {
            into.add(new WeightedHost(host, host.weight() * whole / total));
        }
    }
}
