package dev.attache.proxy.upstream.host;

import dev.attache.proxy.upstream.host.LoadAssignment.DropOverload;
import java.util.ArrayList;
import java.util.List;

/**
 * The hosts of a cluster by priority and locality at one moment. Made on the main thread,
 * immutable, adopted by each worker on its own loop. Views (healthy, degraded) are computed when it
 * is made; a change of a host's health is a new {@code HostSet} of the same hosts.
 *
 * @param version grows with each set of the cluster
 * @param priorities dense: index = priority; levels that nobody named are empty
 */
public record HostSet(
        long version, List<PriorityHosts> priorities, List<DropOverload> dropOverloads) {

    public static final HostSet EMPTY = new HostSet(0, List.of(), List.of());

    public HostSet {
        priorities = List.copyOf(priorities);
        dropOverloads = List.copyOf(dropOverloads);
    }

    /** Every host, priority by priority. Not for the hot path. */
    public List<Host> hosts() {
        List<Host> all = new ArrayList<>();
        for (PriorityHosts level : priorities) {
            all.addAll(level.hosts());
        }
        return all;
    }

    /** How many hosts there are on all levels. */
    public int size() {
        int size = 0;
        for (int i = 0; i < priorities.size(); i++) {
            size += priorities.get(i).hosts().size();
        }
        return size;
    }

    /** The same hosts with views recomputed from their flags. */
    public HostSet withCurrentHealth(long nextVersion) {
        return new HostSet(
                nextVersion,
                priorities.stream()
                        .map(level ->
                                PriorityHosts.of(
                                        level.priority(),
                                        level.localities().stream()
                                                .map(HostSet::recompute)
                                                .toList(),
                                        level.overprovisioningFactor(),
                                        level.weightedPriorityHealth()))
                        .toList(),
                dropOverloads);
    }

    private static LocalityHosts recompute(LocalityHosts old) {
        return LocalityHosts.of(old.locality(), old.weight(), old.hosts());
    }
}
