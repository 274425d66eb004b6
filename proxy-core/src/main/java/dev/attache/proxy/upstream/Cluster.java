package dev.attache.proxy.upstream;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.ClusterView;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.pool.CircuitBreaker;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.stats.ClusterStats;
import org.jspecify.annotations.Nullable;

/**
 * One cluster on one worker: its balancer, its pools, its share of the stats. Owned by the worker's
 * {@code ClusterSet}; loop-confined. A reference may be kept for the life of a request: after the
 * cluster is removed or replaced, what was picked here can still be used here.
 */
public interface Cluster extends ClusterView {

    ClusterSpec spec();

    /** The hosts as adopted by this worker. */
    HostSet hosts();

    @Override
    default int members() {
        return hosts().size();
    }

    /** Chooses a host for one try; a {@link Host} is its own answer. */
    Pick choose(PickContext context);

    /**
     * Says where {@link #choose} may come to: the policy, the levels with their load, the eligible
     * hosts. Chooses nothing.
     *
     * @return whether there is a host to choose
     */
    boolean explain(PickContext context, Explanation into);

    /**
     * The cluster that carries what goes to {@code host}, which was picked here in this turn of the
     * loop: a member where this one aggregates others, else itself.
     */
    Cluster of(Host host);

    /**
     * Opens an HTTP stream to {@code host}, on a pooled connection if one is ready, else when one
     * is.
     *
     * @param downstream protocol of the request as it came in, for {@code
     *     use_downstream_protocol_config}
     * @param downstreamConnectionId for {@code connection_pool_per_downstream_connection}
     * @param response gets what comes back
     * @return {@link Cancellable#DONE} where the waiter has already been told
     */
    Cancellable newStream(
            Host host,
            Priority priority,
            Protocol downstream,
            TransportOptions options,
            long downstreamConnectionId,
            HttpSink response,
            StreamWaiter waiter);

    /**
     * Gives a TCP connection to {@code host}.
     *
     * @return {@link Cancellable#DONE} where the waiter has already been told
     */
    Cancellable newConnection(
            Host host, Priority priority, TransportOptions options, ConnectionWaiter waiter);

    /**
     * Whether connections to {@code host} are secured; Envoy's {@code implementsSecureTransport}.
     */
    boolean isSecure(Host host);

    /** What requests pass before {@link #newStream}, or null where the cluster has no filters. */
    @Nullable OpenUpstreamFilters filters();

    CircuitBreaker breaker(Priority priority);

    ClusterStats stats();
}
