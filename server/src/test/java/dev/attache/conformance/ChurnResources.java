package dev.attache.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
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
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.util.ArrayList;
import java.util.List;

/** Snapshots for {@link ConfigurationChurnIT}: the nth differs from the one before in one type. */
record ChurnResources(int listenPort, List<Integer> upstreams) {

    /**
     * Routes change every time, endpoints every 2nd, clusters every 10th, the listener every 50th.
     */
    Snapshot snapshot(int n) {
        return Snapshot.create(
                List.of(cluster("cluster", n / 10), cluster("cluster-" + n / 10 % 2, 0)),
                "c" + n / 10,
                List.of(
                        endpoints("cluster", n / 2),
                        endpoints("cluster-0", 0),
                        endpoints("cluster-1", 0)),
                "e" + n / 2,
                List.of(listener(n / 50)),
                "l" + n / 50,
                List.of(routes(n)),
                "r" + n,
                List.of(),
                "s");
    }

    private static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .build();
    }

    private static Address address(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    private static Cluster cluster(String name, int version) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.EDS)
                .setConnectTimeout(Durations.fromMillis(1000 + version))
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads()))
                .build();
    }

    private ClusterLoadAssignment endpoints(String cluster, int version) {
        List<LbEndpoint> hosts = new ArrayList<>();
        for (int i = 0; i <= version % upstreams.size(); i++) {
            int port = upstreams.get((version + i) % upstreams.size());
            hosts.add(
                    LbEndpoint.newBuilder()
                            .setEndpoint(Endpoint.newBuilder().setAddress(address(port)))
                            .build());
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(cluster)
                .addEndpoints(LocalityLbEndpoints.newBuilder().addAllLbEndpoints(hosts))
                .build();
    }

    private static RouteConfiguration routes(int version) {
        HeaderValueOption header =
                HeaderValueOption.newBuilder()
                        .setHeader(
                                HeaderValue.newBuilder().setKey("x-version").setValue("" + version))
                        .build();
        Route route =
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                        .setRoute(RouteAction.newBuilder().setCluster("cluster"))
                        .addResponseHeadersToAdd(header)
                        .build();
        return RouteConfiguration.newBuilder()
                .setName("routes")
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addRoutes(route))
                .build();
    }

    private Listener listener(int version) {
        HttpConnectionManager manager =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix("churn")
                        .setStreamIdleTimeout(Durations.fromSeconds(60 + version))
                        .setRds(
                                Rds.newBuilder()
                                        .setRouteConfigName("routes")
                                        .setConfigSource(ads()))
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                        .build();
        return Listener.newBuilder()
                .setName("listener")
                .setAddress(address(listenPort))
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName("hcm")
                                                .setTypedConfig(Any.pack(manager))))
                .build();
    }
}
