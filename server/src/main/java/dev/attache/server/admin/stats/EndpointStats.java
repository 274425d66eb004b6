package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Statistics of hosts, of clusters with {@code per_endpoint_stats}: {@code
 * cluster.NAME.endpoint.ADDRESS.*}. They are no stats of the store: a host has them anyway. Main
 * loop.
 */
final class EndpointStats {

    private static final List<HostCells.Stat> COUNTERS = stats(false);
    private static final List<HostCells.Stat> GAUGES = stats(true);

    /**
     * One number of one host.
     *
     * @param name as text pages have it
     * @param stat its last part
     * @param tags the labels of Prometheus
     */
    record Sample(String name, String stat, boolean gauge, List<Tag> tags, String value) {}

    private final List<Sample> samples = new ArrayList<>();

    EndpointStats(List<SharedCluster> clusters) {
        clusters.stream()
                .filter(cluster -> cluster.spec().endpointStats())
                .sorted(Comparator.comparing(cluster -> cluster.spec().altStatName()))
                .forEach(this::add);
    }

    private static List<HostCells.Stat> stats(boolean gauges) {
        return Arrays.stream(HostCells.Stat.values())
                .filter(stat -> stat.isGauge() == gauges)
                .sorted(Comparator.comparing(HostCells.Stat::text))
                .toList();
    }

    private void add(SharedCluster cluster) {
        String name = cluster.spec().altStatName();
        List<Host> hosts = new ArrayList<>(cluster.hosts().hosts());
        hosts.addAll(cluster.dynamicHosts());
        for (Host host : hosts) {
            String address = host.address().toString();
            List<Tag> tags = new ArrayList<>();
            tags.add(new Tag("envoy.cluster_name", name));
            tags.add(new Tag("envoy.endpoint_address", address));
            if (!host.hostname().isEmpty()) {
                tags.add(new Tag("envoy.endpoint_hostname", host.hostname()));
            }
            String prefix = "cluster." + name + ".endpoint." + address.replace(':', '_') + ".";
            for (HostCells.Stat stat : COUNTERS) {
                add(prefix, stat.text(), false, tags, host.stat(stat));
            }
            for (HostCells.Stat stat : GAUGES) {
                add(prefix, stat.text(), true, tags, host.stat(stat));
            }
            add(prefix, "healthy", true, tags, host.healthy() ? 1 : 0);
        }
    }

    private void add(String prefix, String stat, boolean gauge, List<Tag> tags, long value) {
        samples.add(new Sample(prefix + stat, stat, gauge, tags, Long.toString(value)));
    }

    /** Those that are asked for, host by host. */
    List<Sample> selected(StatsSelection selection) {
        return samples.stream().filter(each -> selection.wants(each.name(), each.gauge())).toList();
    }
}
