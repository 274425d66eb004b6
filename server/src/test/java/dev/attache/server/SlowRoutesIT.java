package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.plane.compile.CompileThread;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes on while routes are compiled, however long that takes. */
class SlowRoutesIT {

    private static final String BOOTSTRAP =
            """
            node: {id: node-1, cluster: demo}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            dynamic_resources:
              ads_config:
                api_type: %s
                transport_api_version: V3
                grpc_services: [{envoy_grpc: {cluster_name: xds}}]
              cds_config: {ads: {}, resource_api_version: V3}
              lds_config: {ads: {}, resource_api_version: V3}
            """;

    private static final String CLUSTER =
            """
            name: %s
            type: EDS
            eds_cluster_config: {eds_config: {ads: {}, resource_api_version: V3}}
            """;

    private static final String LISTENER =
            """
            name: ingress
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: in
                  rds: {route_config_name: r, config_source: {ads: {}, resource_api_version: V3}}
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """;

    private static final String ROUTES =
            """
            name: r
            validate_clusters: true
            virtual_hosts:
            - name: all
              domains: ["*"]
              %s
              routes:
              - {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: %s}}}
              - {match: {prefix: /other}, route: {cluster: %s}}
            """;

    /** Compiled by {@link SlowRouteSettings}. */
    private static final String SLOW =
            "typed_per_filter_config: {slow: {\"@type\": "
                    + "type.googleapis.com/google.protobuf.Empty}}";

    private static final String LARGE =
            """
            name: ingress
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            metadata: {filter_metadata: {large: {text: %s}}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: in
                  route_config:
                    name: own
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      %s
                      routes:
                      - {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: second}}}
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """
                    .formatted("x".repeat(CompileThread.LARGE), SLOW);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private TestControlPlane control;

    @BeforeEach
    void start() throws Exception {
        control = new TestControlPlane();
        control.cluster(CLUSTER.formatted("c1"))
                .endpoints("c1", 9)
                .listener(LISTENER)
                .routes(ROUTES.formatted("", "first", "c1"))
                .push();
    }

    @AfterEach
    void end() throws Exception {
        goOn.countDown();
        SlowRouteSettings.goOn = new CountDownLatch(0);
        control.close();
        client.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void endpointsAdminAndTimersGoOnAndClustersKeepTheirPlace(String flavour) throws Exception {
        try (AttacheServer server = server(flavour)) {
            assertThat(served(server)).isEqualTo("first");
            pushSlowRoutes("second", "c1");

            long updates = counter(server, "cluster.c1.update_success");
            control.endpoints("c1", 9, 10).push();
            await(() -> counter(server, "cluster.c1.update_success") > updates);
            await(() -> server.stats().gauge("cluster.c1.membership_total").value() == 2);
            assertThat(ask(server.adminAddress(), "/clusters")).contains("c1::");
            assertThat(ask(server.adminAddress(), "/ready")).isEqualTo("LIVE\n");
            await(() -> server.stats().gauge("server.uptime").value() >= 0);

            control.cluster(CLUSTER.formatted("c2")).endpoints("c2", 9).push();
            control.endpoints("c1", 9).push();
            assertThat(served(server)).as("what served goes on").isEqualTo("first");
            assertThat(server.plane().clusters().exists("c2"))
                    .as("clusters wait for the routes that came before them")
                    .isFalse();

            goOn.countDown();
            await(() -> served(server).equals("second"));
            await(() -> server.plane().clusters().active("c2") != null);
            assertThat(control.nacks()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void allGoesOnWhileALargeListenerIsCompiledWithRoutesOfItsOwn(String flavour) throws Exception {
        try (AttacheServer server = server(flavour)) {
            assertThat(served(server)).isEqualTo("first");
            pushSlowly(() -> control.listener(LARGE));

            long updates = counter(server, "cluster.c1.update_success");
            control.endpoints("c1", 9, 10).push();
            await(() -> counter(server, "cluster.c1.update_success") > updates);
            assertThat(ask(server.adminAddress(), "/ready")).isEqualTo("LIVE\n");
            assertThat(served(server)).as("what served goes on").isEqualTo("first");

            goOn.countDown();
            await(() -> served(server).equals("second"));
            assertThat(control.nacks()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void isRefusedInTheOrderInWhichItCame(String flavour) throws Exception {
        try (AttacheServer server = server(flavour)) {
            assertThat(served(server)).isEqualTo("first");
            pushSlowRoutes("second", "c1");
            control.routes(ROUTES.formatted("", "third", "nowhere")).push();
            assertThat(control.nacks()).isEmpty();
            goOn.countDown();
            assertThat(control.nextNack()).contains("unknown cluster 'nowhere'");
            assertThat(served(server)).isEqualTo("second");
            assertThat(counter(server, "http.in.rds.r.config_reload")).isEqualTo(2);
            assertThat(counter(server, "http.in.rds.r.update_rejected")).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void theProcessEndsMeanwhile(String flavour) throws Exception {
        AttacheServer server = server(flavour);
        assertThat(served(server)).isEqualTo("first");
        pushSlowRoutes("second", "c1");
        server.close();
        assertThat(goOn.getCount()).as("nobody told the compilation to go on").isOne();
    }

    private void pushSlowRoutes(String body, String cluster) throws Exception {
        pushSlowly(() -> control.routes(ROUTES.formatted(SLOW, body, cluster)));
    }

    private void pushSlowly(Runnable change) throws Exception {
        SlowRouteSettings.reached = new CountDownLatch(1);
        SlowRouteSettings.goOn = goOn;
        change.run();
        control.push();
        assertThat(SlowRouteSettings.reached.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private AttacheServer server(String flavour) throws Exception {
        AttacheServer server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(BOOTSTRAP.formatted(flavour) + control.staticCluster())
                                .concurrency(1)
                                .build());
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
        return server;
    }

    private String served(AttacheServer server) throws Exception {
        IpAddress at = (IpAddress) server.listenerAddresses().get("ingress").getFirst();
        return ask(at, "/");
    }

    private String ask(Object authority, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create("http://" + authority + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static long counter(AttacheServer server, String name) {
        return server.stats().counter(name).value();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
