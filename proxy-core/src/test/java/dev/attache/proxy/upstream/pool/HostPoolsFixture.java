package dev.attache.proxy.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * Pools of one host on connections that do what the test says; what happens to who waits is written
 * down, and after each test all is given back.
 */
abstract class HostPoolsFixture {

    FakePoolContext context = new FakePoolContext(ClusterSpec.named("c").build());
    HostPools pools = newPools();
    final List<String> events = new ArrayList<>();

    HostPools newPools() {
        return new HostPools(context, context.host, empty -> events.add("empty"));
    }

    void use(ClusterSpec spec) {
        context = new FakePoolContext(spec);
        pools = newPools();
    }

    static ClusterSpec http(ProtocolChoice choice) {
        return ClusterSpec.named("c").http(UpstreamHttpSpec.DEFAULTS.withProtocol(choice)).build();
    }

    static ClusterSpec limits(long cx, long pending, long rq, long pools) {
        return ClusterSpec.named("c")
                .circuitBreakers(
                        new CircuitBreakerSpec(
                                new Thresholds(cx, pending, rq, 3, pools, null, false),
                                Thresholds.DEFAULTS,
                                CircuitBreakerSpec.UNLIMITED))
                .build();
    }

    @AfterEach
    void everythingIsGivenBack() {
        pools.drainForGood();
        for (FakePoolContext.FakeCodec codec : context.codecs) {
            while (!codec.streams.isEmpty()) {
                codec.finish(0, true);
            }
        }
        for (FakePoolContext.Dial dial : List.copyOf(context.dials)) {
            dial.listener.onDialFailed(true, null);
            dial.peerCloses();
        }
        context.worker.run();
        assertThat(pools.isEmpty()).isTrue();
        assertThat(context.worker.timers().pending()).isZero();
        CircuitBreaker breaker = context.breaker(Priority.DEFAULT);
        assertThat(breaker.connections().count()).isZero();
        assertThat(breaker.pendingRequests().count()).isZero();
        assertThat(breaker.requests().count()).isZero();
        assertThat(breaker.connectionPools().count()).isZero();
        assertThat(context.host.stat(HostCells.Stat.CX_ACTIVE)).isZero();
        assertThat(context.host.stat(HostCells.Stat.RQ_ACTIVE)).isZero();
        assertThat(context.host.stat(HostCells.Stat.RQ_PENDING_ACTIVE)).isZero();
    }

    final class Waiter implements StreamWaiter, HttpSink {
        private final String name;
        @Nullable Runnable onFailure;

        Waiter(String name) {
            this.name = name;
        }

        @Override
        public void onStream(HttpStream request, Connection upstream, Host host) {
            events.add(name + " stream");
        }

        @Override
        public void onFailure(PoolFailure why, @Nullable String reason, Host host) {
            events.add(name + " " + why);
            if (onFailure != null) {
                onFailure.run();
            }
        }

        @Override
        public void informational(Headers headers) {}

        @Override
        public void headers(Headers headers, boolean end) {}

        @Override
        public void data(ByteBuf chunk, boolean end) {
            chunk.release();
        }

        @Override
        public void trailers(Headers trailers) {}

        @Override
        public void reset(ResetReason why) {
            events.add(name + " reset");
        }
    }

    Cancellable start(Waiter waiter) {
        return start(waiter, Protocol.HTTP11, TransportOptions.NONE, 0);
    }

    Cancellable start(
            Waiter waiter, Protocol downstream, TransportOptions options, long downstreamId) {
        return pools.newStream(Priority.DEFAULT, downstream, options, downstreamId, waiter, waiter);
    }

    Cancellable start(String name) {
        return start(new Waiter(name));
    }

    long counter(String name) {
        return context.store.counter("cluster.c." + name).value();
    }
}
