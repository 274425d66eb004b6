package dev.attache.config.route;

import com.google.protobuf.Struct;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code cluster}, {@code cluster_header} and {@code weighted_clusters}. */
final class ClusterChoiceCompiler {
    private static final String LB_METADATA = "envoy.lb";

    private ClusterChoiceCompiler() {}

    static @Nullable ClusterChoice compile(
            RouteAction action, RouteScope scope, CompileContext context) {
        return switch (action.getClusterSpecifierCase()) {
            case CLUSTER -> {
                if (!exists(action.getCluster(), scope)) {
                    context.at("cluster")
                            .error("route: unknown cluster '%s'".formatted(action.getCluster()));
                }
                yield new ClusterChoice.Named(action.getCluster());
            }
            case CLUSTER_HEADER ->
                    new ClusterChoice.FromHeader(HeaderName.of(action.getClusterHeader()));
            case WEIGHTED_CLUSTERS ->
                    weighted(
                            action.getWeightedClusters(),
                            balancing(action.getMetadataMatch()),
                            scope,
                            context.at("weighted_clusters"));
            case CLUSTER_SPECIFIER_PLUGIN, INLINE_CLUSTER_SPECIFIER_PLUGIN -> null; // refused
            case CLUSTERSPECIFIER_NOT_SET -> {
                context.error("a cluster specifier must be set");
                yield null;
            }
        };
    }

    private static boolean exists(String cluster, RouteScope scope) {
        return scope.clusterExists() == null || scope.clusterExists().test(cluster);
    }

    private static ClusterChoice weighted(
            io.envoyproxy.envoy.config.route.v3.WeightedCluster weighted,
            MetadataValue.Struct ofRoute,
            RouteScope scope,
            CompileContext context) {
        List<WeightedCluster> clusters = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < weighted.getClustersCount(); i++) {
            ClusterWeight entry = weighted.getClusters(i);
            WeightedCluster compiled =
                    entry(
                            entry,
                            ofRoute,
                            weighted.getRuntimeKeyPrefix(),
                            scope,
                            context.at("clusters", i));
            total += compiled.weight();
            clusters.add(compiled);
        }
        if (total == 0) {
            context.error("Sum of weights in the weighted_cluster must be greater than 0.");
        } else if (total > 0xFFFF_FFFFL) {
            context.error(
                    "The sum of weights of all weighted clusters of route exceeds 4294967295");
        }
        return new ClusterChoice.Weighted(
                clusters,
                total,
                weighted.getHeaderName().isEmpty() ? null : HeaderName.of(weighted.getHeaderName()),
                weighted.getUseHashPolicy().getValue());
    }

    private static WeightedCluster entry(
            ClusterWeight entry,
            MetadataValue.Struct ofRoute,
            String runtimePrefix,
            RouteScope scope,
            CompileContext context) {
        boolean named = !entry.getName().isEmpty();
        boolean byHeader = !entry.getClusterHeader().isEmpty();
        if (named && byHeader) {
            context.error("Only one of name or cluster_header can be specified");
        } else if (!named && !byHeader) {
            context.error("At least one of name or cluster_header need to be specified");
        }
        if (named && !exists(entry.getName(), scope)) {
            context.at("name")
                    .error("route: unknown weighted cluster '%s'".formatted(entry.getName()));
        }
        return new WeightedCluster(
                named ? entry.getName() : null,
                byHeader ? HeaderName.of(entry.getClusterHeader()) : null,
                weight(entry, runtimePrefix, context),
                HeaderMutationCompiler.request(
                        entry.getRequestHeadersToAddList(),
                        entry.getRequestHeadersToRemoveList(),
                        context),
                HeaderMutationCompiler.response(
                        entry.getResponseHeadersToAddList(),
                        entry.getResponseHeadersToRemoveList(),
                        context),
                ofRoute.with(balancing(entry.getMetadataMatch())),
                entry.getHostRewriteLiteral().isEmpty() ? null : entry.getHostRewriteLiteral(),
                FilterOverrideCompiler.merge(
                        scope.overrides(),
                        FilterOverrideCompiler.compile(
                                entry.getTypedPerFilterConfigMap(), context)));
    }

    /**
     * {@code runtime_key_prefix}: the weight may be the value of the key {@code PREFIX.CLUSTER}.
     */
    private static long weight(ClusterWeight entry, String prefix, CompileContext context) {
        long weight = Integer.toUnsignedLong(entry.getWeight().getValue());
        return prefix.isEmpty()
                ? weight
                : context.settings()
                        .runtime()
                        .integer(prefix + "." + entry.getName())
                        .map(n -> Math.max(0, n))
                        .orElse(weight);
    }

    /** Only the balancers' namespace means anything in a metadata match. */
    static MetadataValue.Struct balancing(Metadata match) {
        return MetadataValues.compile(
                match.getFilterMetadataOrDefault(LB_METADATA, Struct.getDefaultInstance()));
    }
}
