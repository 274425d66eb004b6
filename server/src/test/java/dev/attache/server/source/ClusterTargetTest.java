package dev.attache.server.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.lb.ClusterProvidedSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which host of which cluster a stream to a control plane goes to. */
final class ClusterTargetTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final Map<String, SharedCluster> clusters = new HashMap<>();
    private final ClusterEnvironment environment =
            new ClusterEnvironment(
                    loop,
                    1,
                    new StatsStore(),
                    (name, family, resolvers, callback) ->
                            callback.onFailed(new IOException("no names here")),
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (cluster, hosts) -> {});

    @AfterEach
    void close() throws Exception {
        run(() -> {
            clusters.values().forEach(SharedCluster::close);
            return clusters;
        });
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private <T> T run(Callable<T> task) throws Exception {
        return loop.submit(task).get(10, TimeUnit.SECONDS);
    }

    private void open(ClusterSpec spec) throws Exception {
        clusters.put(spec.name(), run(() -> SharedCluster.open(spec, environment, null)));
    }

    private void member(String name, long connectTimeout, int... ports) throws Exception {
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int port : ports) {
            endpoints.add(EndpointSpec.of(IpAddress.parse("127.0.0.1", port)));
        }
        var group = new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY);
        open(
                ClusterSpec.named(name)
                        .endpoints(LoadAssignment.of(name, List.of(group)))
                        .connectTimeoutMillis(connectTimeout)
                        .build());
    }

    private ClusterTarget target(String name) {
        return new ClusterTarget(
                name, name, new io.grpc.Metadata(), clusters::get, new TransportWorkers(0));
    }

    private int next(ClusterTarget target) throws Exception {
        SocketAddress address = run(target::nextAddress);
        return address instanceof InetSocketAddress ip ? ip.getPort() : -1;
    }

    @Test
    void hostsOfAClusterInTurn() throws Exception {
        member("one", 1000, 1, 2);
        ClusterTarget target = target("one");
        assertThat(List.of(next(target), next(target), next(target))).containsExactly(1, 2, 1);
        assertThat(next(target("nobody"))).isEqualTo(-1);
    }

    @Test
    void theFirstMemberOfAnAggregateThatIsWell() throws Exception {
        open(
                ClusterSpec.named("all")
                        .discovery(new DiscoverySpec.Aggregate(List.of("away", "one", "two")))
                        .loadBalancer(new ClusterProvidedSpec())
                        .build());
        ClusterTarget target = target("all");
        assertThat(next(target)).isEqualTo(-1);
        member("two", 2000, 3);
        assertThat(next(target)).isEqualTo(3);
        assertThat(target.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        member("one", 1000, 1);
        assertThat(next(target)).isEqualTo(1);
        assertThat(target.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        fail("one");
        assertThat(next(target)).isEqualTo(3);
        fail("two");
        assertThat(next(target)).isEqualTo(1);
    }

    private void fail(String member) {
        SharedCluster cluster = clusters.get(member);
        assertThat(cluster).isNotNull();
        cluster.hosts().hosts().forEach(host -> host.set(Host.Flag.FAILED_ACTIVE_HC, true));
    }
}
