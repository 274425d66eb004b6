package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Host.Flag;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Intervals;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clusters whose hosts are checked, over real sockets. */
final class ActiveChecksIT {

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop main = group.next();
    private final StatsStore stats = new StatsStore();
    private final ClusterEnvironment environment =
            new ClusterEnvironment(
                    main,
                    1,
                    stats,
                    (name, family, servers, then) -> {
                        throw new AssertionError("nothing is to be resolved");
                    },
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (shared, hosts) -> {});
    private final List<SharedCluster> clusters = new ArrayList<>();
    private final List<ServerSocket> servers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        onMain(() -> {
            clusters.forEach(SharedCluster::close);
            return true;
        });
        for (ServerSocket server : servers) {
            server.close();
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).get();
    }

    private <T> T onMain(Callable<T> action) throws Exception {
        return main.submit(action).get(10, TimeUnit.SECONDS);
    }

    private ServerSocket server() throws Exception {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        servers.add(server);
        return server;
    }

    private static LoadAssignment at(ServerSocket... servers) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (ServerSocket server : servers) {
            endpoints.add(EndpointSpec.of(IpAddress.parse("127.0.0.1", server.getLocalPort())));
        }
        return LoadAssignment.of(
                "c",
                List.of(new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY)));
    }

    private SharedCluster open(DiscoverySpec discovery, LoadAssignment endpoints, long interval)
            throws Exception {
        HealthCheckSpec check =
                new HealthCheckSpec(
                        "",
                        new HealthCheckSpec.Tcp(
                                "", List.of(), HealthCheckSpec.Tcp.ProxyProtocol.NONE),
                        10_000,
                        Intervals.of(interval),
                        1,
                        1,
                        true,
                        List.of(),
                        Optional.empty(),
                        false,
                        false,
                        List.of());
        SharedCluster cluster =
                onMain(() ->
                        SharedCluster.open(
                                ClusterSpec.named("c")
                                        .discovery(discovery)
                                        .endpoints(endpoints)
                                        .healthChecks(List.of(check))
                                        .build(),
                                environment,
                                null));
        clusters.add(cluster);
        return cluster;
    }

    private void until(BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!onMain(condition::getAsBoolean)) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void anEndpointThatIsCheckedElsewhereIsAnotherHost() throws Exception {
        ServerSocket server = server();
        SharedCluster cluster =
                open(new DiscoverySpec.Eds("c"), LoadAssignment.empty("c"), 3_600_000);
        onMain(() -> {
            cluster.assign(at(server));
            return true;
        });
        until(() -> gauge("membership_healthy") == 1);
        Host before = cluster.hosts().hosts().getFirst();
        ServerSocket gone = server();
        gone.close();
        EndpointSpec plain = before.spec();
        EndpointSpec elsewhere =
                new EndpointSpec(
                        plain.address(),
                        List.of(),
                        "",
                        1,
                        HealthStatus.UNKNOWN,
                        Metadata.EMPTY,
                        Metadata.EMPTY,
                        new EndpointSpec.HealthCheckOverride(gone.getLocalPort(), null, "", false));
        onMain(() -> {
            cluster.assign(
                    LoadAssignment.of(
                            "c",
                            List.of(
                                    new LocalityEndpoints(
                                            Locality.NONE,
                                            0,
                                            0,
                                            List.of(elsewhere),
                                            Metadata.EMPTY))));
            return true;
        });
        until(() -> stats.counter("cluster.c.health_check.network_failure").value() == 1);
        assertThat(cluster.hosts().hosts()).hasSize(1).doesNotContain(before);
        assertThat(gauge("membership_healthy")).isZero();
    }

    private long gauge(String name) {
        return stats.gauge("cluster.c." + name).value();
    }

    @Test
    void aClusterIsWarmOnceEachHostHasBeenChecked() throws Exception {
        ServerSocket open = server();
        ServerSocket gone = server();
        LoadAssignment both = at(open, gone);
        gone.close();
        SharedCluster cluster = open(new DiscoverySpec.Static(), both, 3_600_000);
        until(cluster::warm);
        assertThat(cluster.hosts().priorities().getFirst().healthy()).hasSize(1);
        assertThat(gauge("membership_total")).isEqualTo(2);
        assertThat(gauge("membership_healthy")).isEqualTo(1);
        assertThat(gauge("health_check.healthy")).isEqualTo(1);
        assertThat(stats.counter("cluster.c.health_check.network_failure").value()).isEqualTo(1);
        assertThat(stats.counter("cluster.c.upstream_cx_total").value()).isZero();
    }

    @Test
    void aHealthyHostThatDiscoveryForgetsStaysUntilItFails() throws Exception {
        ServerSocket first = server();
        ServerSocket second = server();
        SharedCluster cluster = open(new DiscoverySpec.Eds("c"), LoadAssignment.empty("c"), 20);
        onMain(() -> {
            cluster.assign(at(first, second));
            return true;
        });
        until(() -> gauge("membership_healthy") == 2);
        Host leaving = cluster.hosts().hosts().get(1);
        onMain(() -> {
            cluster.assign(at(first));
            return true;
        });
        assertThat(leaving.has(Flag.PENDING_DYNAMIC_REMOVAL)).isTrue();
        assertThat(cluster.hosts().hosts()).contains(leaving);
        second.close();
        until(() -> !cluster.hosts().hosts().contains(leaving));
        assertThat(gauge("membership_total")).isEqualTo(1);
        assertThat(gauge("health_check.healthy")).isEqualTo(1);
    }
}
