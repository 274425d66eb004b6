package dev.attache.proxy.router;

import dev.attache.proxy.attempt.HashPolicies;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.Cluster;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code refresh_cluster_on_retry}: which cluster each further try of a request is for. Owned by
 * the request's {@link Forwarding}; loop-confined.
 */
final class ClusterRefresh implements Supplier<@Nullable Cluster> {

    private final RouterFactory factory;
    private final RouteAction.Forward action;
    private final Headers request;
    private final StreamInfo info;
    private final Set<WeightedCluster> tried = Collections.newSetFromMap(new IdentityHashMap<>());
    private ClusterSelection selection;
    private @Nullable Cluster cluster;

    /**
     * @param first what the first try is for
     */
    ClusterRefresh(
            RouterFactory factory,
            RouteAction.Forward action,
            ClusterSelection first,
            Headers request,
            StreamInfo info) {
        this.factory = factory;
        this.action = action;
        this.selection = first;
        this.request = request;
        this.info = info;
    }

    /** Picks anew; null where there is no such cluster. */
    @Override
    public @Nullable Cluster get() {
        selection =
                selection.next(
                        action.cluster(),
                        tried,
                        request,
                        HashPolicies.drawing(action, request, info));
        cluster = factory.clusters.cluster(selection.cluster());
        return cluster;
    }

    ClusterSelection selection() {
        return selection;
    }

    /** Of the last pick. */
    @Nullable Cluster cluster() {
        return cluster;
    }
}
