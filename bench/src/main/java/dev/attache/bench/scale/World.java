package dev.attache.bench.scale;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the control plane serves: clusters by EDS with endpoints nobody listens on, but for the
 * first and the last cluster, which have one of the two real upstreams each. Each listener takes
 * {@code /first} to the first cluster and everything else to the last, but for requests to hosts
 * that nobody names. Not thread-safe.
 */
final class World {

    private final Map<String, Map<String, Any>> byType = new LinkedHashMap<>();
    private final int endpoints;
    private final int[] upstreams;
    private final int last;
    private int clusters;
    private int moves;
    private int shifts;

    /**
     * How much there is beside clusters.
     *
     * @param virtualHosts beside the one that is asked
     * @param routes of each of them, beside its last
     * @param listeners on addresses of their own, {@code 127.0.0.1} the first
     */
    record Size(int virtualHosts, int routes, int listeners) {}

    /**
     * @param upstreams two ports of the loopback address
     * @param listen the listeners' port
     */
    World(int clusters, int endpoints, int[] upstreams, int listen, Size size) {
        this.clusters = clusters;
        this.last = clusters - 1;
        this.endpoints = endpoints;
        this.upstreams = upstreams.clone();
        for (int i = 0; i < clusters; i++) {
            addCluster(i, i == 0 || i == clusters - 1);
        }
        for (int i = 0; i < size.listeners(); i++) {
            put(ResourceType.LISTENER, "listener-" + i, Any.pack(listener(i, listen)));
        }
        put(ResourceType.ROUTE, "routes", Any.pack(routes(size)));
    }

    Map<String, Any> of(String typeUrl) {
        return byType.getOrDefault(typeUrl, Map.of());
    }

    /** The first cluster's endpoint becomes the other upstream; returns the cluster's name. */
    String moveFirst() {
        moves++;
        put(ResourceType.ENDPOINT, name(0), assignment(0, true));
        return name(0);
    }

    /**
     * Endpoints of another cluster each time, but the real ones, get another port; returns its
     * name.
     */
    String shiftNext() {
        int i = 1 + shifts++ % (last - 1);
        put(ResourceType.ENDPOINT, name(i), assignment(i, false));
        return name(i);
    }

    /** Returns the name of the new cluster. */
    String addOne() {
        addCluster(clusters, false);
        return name(clusters++);
    }

    private void addCluster(int i, boolean real) {
        put(
                ResourceType.CLUSTER,
                name(i),
                Any.pack(
                        Cluster.newBuilder()
                                .setName(name(i))
                                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                                .setType(Cluster.DiscoveryType.EDS)
                                .setEdsClusterConfig(
                                        Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads()))
                                .build()));
        put(ResourceType.ENDPOINT, name(i), assignment(i, real));
    }

    private Any assignment(int i, boolean real) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        if (real) {
            locality.addLbEndpoints(endpoint("127.0.0.1", upstreams[moves % 2]));
        } else {
            for (int each = 1; each <= endpoints; each++) {
                locality.addLbEndpoints(
                        endpoint(
                                "127." + (1 + i / 250) + "." + i % 250 + "." + each,
                                8080 + shifts % 50_000));
            }
        }
        return Any.pack(
                ClusterLoadAssignment.newBuilder()
                        .setClusterName(name(i))
                        .addEndpoints(locality)
                        .build());
    }

    private static LbEndpoint.Builder endpoint(String address, int port) {
        return LbEndpoint.newBuilder()
                .setEndpoint(Endpoint.newBuilder().setAddress(address(address, port)));
    }

    private static Address address(String address, int port) {
        return Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(address).setPortValue(port))
                .build();
    }

    private static Listener listener(int i, int port) {
        HttpConnectionManager manager =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix("scale-" + i)
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("envoy.filters.http.router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                        .setRds(
                                io.envoyproxy.envoy.extensions.filters.network
                                        .http_connection_manager.v3.Rds.newBuilder()
                                        .setConfigSource(ads())
                                        .setRouteConfigName("routes"))
                        .build();
        return Listener.newBuilder()
                .setName("listener-" + i)
                .setAddress(address("127.0." + i / 200 + "." + (1 + i % 200), port))
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName(
                                                        "envoy.filters.network.http_connection_manager")
                                                .setTypedConfig(Any.pack(manager))))
                .build();
    }

    private RouteConfiguration routes(Size size) {
        RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName("routes");
        for (int i = 0; i < size.virtualHosts(); i++) {
            String domain = "service-" + i + ".namespace.svc.cluster.local";
            VirtualHost.Builder host =
                    VirtualHost.newBuilder()
                            .setName(domain + ":8080")
                            .addDomains(domain)
                            .addDomains(domain + ":8080")
                            .addDomains("service-" + i);
            for (int each = 0; each < size.routes(); each++) {
                host.addRoutes(route("/api/v1/resource-" + each + "/", name(each % clusters)));
            }
            routes.addVirtualHosts(host.addRoutes(route("/", name(i % clusters))));
        }
        return routes.addVirtualHosts(
                        VirtualHost.newBuilder()
                                .setName("all")
                                .addDomains("*")
                                .addRoutes(route("/first", name(0)))
                                .addRoutes(route("/", name(clusters - 1))))
                .build();
    }

    private static Route.Builder route(String prefix, String cluster) {
        return Route.newBuilder()
                .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
                .setRoute(RouteAction.newBuilder().setCluster(cluster));
    }

    private static ConfigSource.Builder ads() {
        return ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setAds(AggregatedConfigSource.getDefaultInstance());
    }

    private static String name(int i) {
        return "outbound|8080||service-" + i + ".namespace-" + i % 50 + ".svc.cluster.local";
    }

    private void put(ResourceType type, String name, Any body) {
        byType.computeIfAbsent(type.typeUrl(), url -> new LinkedHashMap<>()).put(name, body);
    }
}
