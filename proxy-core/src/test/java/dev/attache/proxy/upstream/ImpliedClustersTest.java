package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clusters that nobody named, and who uses them. */
class ImpliedClustersTest {

    private final RealWorker worker = new RealWorker();
    private final ImpliedClusters clusters =
            new ImpliedClusters(
                    worker.eventLoop(),
                    1,
                    (name, family, servers, callback) ->
                            callback.onFailed(new IOException("no names here")),
                    Locality.NONE);

    @AfterEach
    void close() throws Exception {
        worker.close();
    }

    /** Keeps what it is told, on the worker. */
    private final class Told implements ImpliedClusters.User {
        final List<SharedCluster> opened = new ArrayList<>();

        @Override
        public EventLoop loop() {
            return worker.eventLoop();
        }

        @Override
        public void onOpen(SharedCluster cluster) {
            opened.add(cluster);
        }

        @Override
        public void onHosts(SharedCluster cluster, HostSet hosts) {
            throw new AssertionError("they stay as they are");
        }

        @Override
        public void onUnusable(Throwable why) {
            throw new AssertionError(why);
        }
    }

    private static ImpliedCluster implied(String identity) {
        EndpointSpec endpoint = EndpointSpec.of(IpAddress.parse("127.0.0.1", 1));
        LocalityEndpoints local =
                new LocalityEndpoints(Locality.NONE, 0, 0, List.of(endpoint), Metadata.EMPTY);
        return new ImpliedCluster(
                identity,
                ClusterSpec.named("a:1")
                        .endpoints(LoadAssignment.of("a:1", List.of(local)))
                        .build());
    }

    @Test
    void those_of_one_identity_are_one_until_its_last_user_has_gone() throws Exception {
        Told first = new Told();
        Told second = new Told();
        Told other = new Told();
        Cancellable firstUse = clusters.use(implied("a"), first);
        Cancellable secondUse = clusters.use(implied("a"), second);
        Cancellable otherUse = clusters.use(implied("b"), other);
        worker.await("all know", () -> second.opened.size() + other.opened.size() == 2);
        assertThat(first.opened).containsExactlyElementsOf(second.opened);
        assertThat(first.opened.getFirst().hosts().hosts()).hasSize(1);
        assertThat(other.opened).doesNotContainAnyElementsOf(first.opened);
        assertThat(worker.call(clusters::open)).isEqualTo(2);

        firstUse.cancel();
        firstUse.cancel();
        assertThat(worker.call(clusters::open)).isEqualTo(2);
        secondUse.cancel();
        otherUse.cancel();
        assertThat(worker.call(clusters::open)).isZero();

        Told later = new Told();
        Cancellable laterUse = clusters.use(implied("a"), later);
        worker.await("it is opened anew", () -> !later.opened.isEmpty());
        assertThat(later.opened).doesNotContainAnyElementsOf(first.opened);
        laterUse.cancel();
        assertThat(worker.call(clusters::open)).isZero();
    }

    @Test
    void who_goes_at_once_leaves_nothing_open() throws Exception {
        clusters.use(implied("a"), new Told()).cancel();
        assertThat(worker.call(clusters::open)).isZero();
    }
}
