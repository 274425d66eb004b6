package dev.attache.testkit.filter;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The route that all requests take where a test does not bring routes of its own. */
final class OneRoute {

    /** Where it leads. */
    static final String CLUSTER = "upstream";

    private OneRoute() {}

    /**
     * @param overrides of the filter, by level
     */
    static RouteTable to(String filter, EnumMap<OverrideLevel, FilterOverride> overrides) {
        FilterOverride merged = null;
        FilterOverride ofRoute = null;
        for (OverrideLevel level : OverrideLevel.values()) {
            FilterOverride own = overrides.get(level);
            if (own != null) {
                merged = own.within(merged);
            }
            if (level == OverrideLevel.ROUTE) {
                ofRoute = merged;
            }
        }
        boolean weighted = overrides.containsKey(OverrideLevel.WEIGHTED_CLUSTER);
        ClusterChoice choice =
                weighted
                        ? new ClusterChoice.Weighted(
                                List.of(cluster(entries(filter, merged))), 1, null, false)
                        : new ClusterChoice.Named(CLUSTER);
        Route.Spec route =
                new Route.Spec(
                        "route",
                        RouteMatcher.of(new PathMatcher.Prefix("/", true)),
                        forward(choice),
                        Metadata.EMPTY,
                        HeaderMutations.NONE,
                        HeaderMutations.NONE,
                        entries(filter, ofRoute),
                        null,
                        true,
                        null,
                        "");
        return new RouteTable(
                RouteTable.Spec.named("routes"),
                List.of(new RouteTable.HostRoutes(host(), List.of(route))));
    }

    private static Map<String, FilterOverride> entries(
            String filter, @Nullable FilterOverride override) {
        return override == null ? Map.of() : Map.of(filter, override);
    }

    private static VirtualHost.Spec host() {
        return new VirtualHost.Spec(
                "host",
                List.of("*"),
                VirtualHost.TlsRequirement.NONE,
                HeaderMutations.NONE,
                HeaderMutations.NONE,
                false,
                false,
                false,
                -1,
                Metadata.EMPTY,
                List.of(),
                List.of());
    }

    private static WeightedCluster cluster(Map<String, FilterOverride> overrides) {
        return new WeightedCluster(
                CLUSTER,
                null,
                1,
                HeaderMutations.NONE,
                HeaderMutations.NONE,
                MetadataValue.EMPTY_STRUCT,
                null,
                overrides);
    }

    private static RouteAction.Forward forward(ClusterChoice cluster) {
        return new RouteAction.Forward(
                cluster,
                503,
                0,
                -1,
                -1,
                null,
                -1,
                0,
                null,
                null,
                null,
                false,
                List.of(),
                List.of(),
                Map.of(),
                MetadataValue.EMPTY_STRUCT,
                false,
                null,
                -1,
                List.of(),
                false);
    }
}
