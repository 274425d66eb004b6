package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.dial.NettyDialer;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Versions of clusters on one worker. */
class ClusterSetTest {

    private static final int UNOPENABLE = 4321;

    private final RealWorker worker = new RealWorker();
    private final StatsStore stats = new StatsStore();
    private final ClusterEnvironment environment =
            new ClusterEnvironment(
                    worker.eventLoop(),
                    1,
                    stats,
                    (name, family, resolvers, callback) ->
                            callback.onFailed(new IOException("no names here")),
                    Locality.NONE,
                    () -> HostSet.EMPTY,
                    (cluster, hosts) -> {});
    private final ClusterSet clusters =
            new ClusterSet(
                    worker,
                    (context, spec) -> {
                        if (spec.bufferLimitBytes() == UNOPENABLE) {
                            throw new NoClassDefFoundError("no/such/Dialer");
                        }
                        return new NettyDialer(context, spec.sockets(), RedirectGuard.OFF);
                    },
                    (context, shared) -> new HttpCodecs(shared, 0),
                    NoFilters.HERE);

    @AfterEach
    void close() throws Exception {
        worker.call(() -> {
            clusters.drain();
            return null;
        });
        worker.close();
    }

    private SharedCluster version(int bufferLimit) throws Exception {
        return worker.call(() ->
                SharedCluster.open(
                        ClusterSpec.named("c").bufferLimitBytes(bufferLimit).build(),
                        environment,
                        null));
    }

    private Cluster adopt(SharedCluster version) throws Exception {
        return worker.call(() -> {
            clusters.adopt(Map.of("c", version));
            return clusters.cluster("c");
        });
    }

    @Test
    void aVersionThatCannotBeOpenedLeavesTheOneInUse() throws Exception {
        Cluster first = adopt(version(1000));
        assertThat(adopt(version(UNOPENABLE))).isSameAs(first);
        Cluster third = adopt(version(2000));
        assertThat(third).isNotSameAs(first);
        assertThat(third.spec().bufferLimitBytes()).isEqualTo(2000);
    }

    @Test
    void aFirstVersionThatCannotBeOpenedFailsWhoAsksForIt() throws Exception {
        SharedCluster bad = version(UNOPENABLE);
        assertThatThrownBy(() -> adopt(bad)).hasStackTraceContaining("no/such/Dialer");
        assertThat(adopt(version(1000)).spec().bufferLimitBytes()).isEqualTo(1000);
    }
}
