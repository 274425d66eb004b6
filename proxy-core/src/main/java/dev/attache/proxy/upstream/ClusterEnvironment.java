package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import io.netty.channel.EventLoop;
import java.util.function.Supplier;

/**
 * What the main thread's clusters are made with; one per process.
 *
 * @param main the main thread's loop; membership changes happen on it
 * @param workers how many workers there are
 * @param locality the node's own
 * @param localHosts the hosts of {@code cluster_manager.local_cluster_name}, {@link HostSet#EMPTY}
 *     where there is none; asked by workers
 * @param publisher takes new host sets to the workers
 */
public record ClusterEnvironment(
        EventLoop main,
        int workers,
        StatsStore stats,
        NameResolver names,
        Locality locality,
        Supplier<HostSet> localHosts,
        Publisher publisher) {

    /** The way to the workers. */
    @FunctionalInterface
    public interface Publisher {

        /**
         * Main thread: has every worker call {@link ClusterSet#hosts} with these, on its own loop,
         * in the order of publication.
         */
        void publish(SharedCluster cluster, HostSet hosts);
    }
}
