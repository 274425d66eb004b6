package dev.attache.filters.istio.alpn;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All streams of a chain on one worker: it keeps nothing of them. Loop-confined. */
final class AlpnFilter implements HttpFilter {
    private final Map<Protocol, StateValue.Names> overrides;
    private final ClusterLookup clusters;

    AlpnFilter(Map<Protocol, StateValue.Names> overrides, ClusterLookup clusters) {
        this.overrides = overrides;
        this.clusters = clusters;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        ClusterSelection selection = context.cluster();
        Cluster cluster = selection == null ? null : clusters.cluster(selection.cluster());
        StateValue.Names names =
                cluster == null ? null : names(cluster.spec(), context.info().protocol());
        if (names != null) {
            context.info().filterState().set(TransportOptions.APPLICATION_PROTOCOLS, names);
        }
        return Step.CONTINUE;
    }

    /** What is offered to the cluster, or null: what it says itself. */
    StateValue.@Nullable Names names(ClusterSpec cluster, @Nullable Protocol downstream) {
        if (isSwitchedOff(cluster)) {
            return null;
        }
        StateValue.Names names = overrides.get(upstreamProtocol(cluster, downstream));
        return names == null || names.values().isEmpty() ? null : names;
    }

    private static boolean isSwitchedOff(ClusterSpec cluster) {
        MetadataValue.Struct istio = cluster.metadata().filterMetadata().get("istio");
        return istio != null
                && istio.get("alpn_override") instanceof MetadataValue.Text text
                && text.value().equals("false");
    }

    /** What the cluster would rather speak; never HTTP/1.0, nor HTTP/3 for the client's sake. */
    private static Protocol upstreamProtocol(ClusterSpec cluster, @Nullable Protocol downstream) {
        return switch (cluster.http().protocol()) {
            case HTTP1 -> Protocol.HTTP11;
            case HTTP2, ALPN -> Protocol.HTTP2;
            case USE_DOWNSTREAM ->
                    downstream != null && downstream.multiplexed()
                            ? Protocol.HTTP2
                            : Protocol.HTTP11;
        };
    }
}
