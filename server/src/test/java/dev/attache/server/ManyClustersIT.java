package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.flags.ServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy in process makes of a thousand clusters that come and go at once. */
class ManyClustersIT {

    private static final int MANY = 1000;

    /** Over delta a control plane that has nothing says nothing: that is not waited for long. */
    private static final String BOOTSTRAP =
            """
            node: {id: node-1, cluster: demo}
            dynamic_resources:
              ads_config:
                api_type: %s
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: xds}}]
              cds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 1s}
            """;

    private static final String CLUSTER =
            """
            name: %s
            type: EDS
            eds_cluster_config: {eds_config: {ads: {}, resource_api_version: V3}}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void comeAndGoWithTheirCounts(String flavour) throws Exception {
        try (TestControlPlane control = new TestControlPlane();
                AttacheServer server = start(control, flavour)) {
            add(control);
            // With the control plane's own cluster.
            await(server, "active_clusters", MANY + 1);
            assertThat(gauge(server, "warming_clusters")).isZero();
            assertThat(server.stats().counter("cluster_manager.cluster_added").value())
                    .isEqualTo(MANY + 1);

            control.noCluster("c7").push();
            await(server, "active_clusters", MANY);
            control.cluster(CLUSTER.formatted("c7")).endpoints("c7", 9).push();
            await(server, "active_clusters", MANY + 1);

            remove(control);
            await(server, "active_clusters", 1);
            assertThat(gauge(server, "warming_clusters")).isZero();
            assertThat(server.stats().counter("cluster_manager.cluster_removed").value())
                    .isEqualTo(MANY + 1);
            assertThat(control.nacks()).isEmpty();
        }
    }

    @Test
    void goInOneRequestForEndpoints() throws Exception {
        try (TestControlPlane control = new TestControlPlane();
                AttacheServer server = start(control, "GRPC")) {
            add(control);
            await(server, "active_clusters", MANY + 1);
            control.cluster(CLUSTER.formatted("stays")).endpoints("stays", 9).push();
            await(server, "active_clusters", MANY + 2);
            remove(control);
            await(server, "active_clusters", 2);
            await(() -> control.endpointRequests().getLast() == 1);
            List<Integer> asked = control.endpointRequests();
            assertThat(asked)
                    .as("names in each request: all of them, and then the one that stays")
                    .allMatch(names -> names == MANY || names == MANY + 1 || names == 1);
        }
    }

    private static void add(TestControlPlane control) {
        for (int i = 0; i < MANY; i++) {
            control.cluster(CLUSTER.formatted("c" + i)).endpoints("c" + i, 9);
        }
        control.push();
    }

    private static void remove(TestControlPlane control) {
        for (int i = 0; i < MANY; i++) {
            control.noCluster("c" + i);
        }
        control.push();
    }

    private static AttacheServer start(TestControlPlane control, String flavour) throws Exception {
        control.push();
        AttacheServer server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(BOOTSTRAP.formatted(flavour) + control.staticCluster())
                                .concurrency(1)
                                .build());
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
        return server;
    }

    private static void await(AttacheServer server, String name, long value) throws Exception {
        await(() -> gauge(server, name) == value);
    }

    private static long gauge(AttacheServer server, String name) {
        return server.stats().gauge("cluster_manager." + name).value();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
