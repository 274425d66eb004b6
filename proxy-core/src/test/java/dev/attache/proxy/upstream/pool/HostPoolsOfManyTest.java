package dev.attache.proxy.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.transport.SharedObjects;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.transport.UpstreamSource;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which pools there are: what keeps streams apart, how many there may be, which go. */
final class HostPoolsOfManyTest extends HostPoolsFixture {

    @Test
    void poolsAreApartByProtocolOptionsAndDownstream() {
        use(http(ProtocolChoice.USE_DOWNSTREAM));
        TransportOptions sni =
                new TransportOptions("sni", List.of(), List.of(), List.of(), null, null);
        TransportOptions sameSni =
                new TransportOptions("sni", List.of(), List.of(), List.of(), null, null);
        start(new Waiter("h1"), Protocol.HTTP11, TransportOptions.NONE, 1);
        start(new Waiter("h2"), Protocol.HTTP2, TransportOptions.NONE, 2);
        start(new Waiter("sni"), Protocol.HTTP2, sni, 3);
        assertThat(context.dials).hasSize(3);
        start(new Waiter("same"), Protocol.HTTP2, sameSni, 4);
        assertThat(context.dials).hasSize(3);
        context.dials.forEach(FakePoolContext.Dial::connect);
        assertThat(context.codecs)
                .extracting(codec -> codec.protocol)
                .containsExactly(Protocol.HTTP11, Protocol.HTTP2, Protocol.HTTP2);
        assertThat(context.dials.get(1).options.alpnFallback()).containsExactly("h2");
        use(ClusterSpec.named("c").connectionPoolPerDownstream(true).build());
        start(new Waiter("one"), Protocol.HTTP11, TransportOptions.NONE, 1);
        context.dials.get(0).connect();
        context.codecs.get(0).finish(0, true);
        start(new Waiter("other"), Protocol.HTTP11, TransportOptions.NONE, 2);
        assertThat(context.dials).hasSize(2);
    }

    @Test
    void aPoolWithoutConnectionsMayAlwaysOpenOne() {
        use(limits(0, 10, 10, 10));
        start("a");
        start("b");
        assertThat(context.dials).hasSize(1);
        assertThat(counter("upstream_cx_overflow")).isEqualTo(2);
        context.dials.get(0).connect();
        context.codecs.get(0).finish(0, true);
        assertThat(events).containsExactly("a stream", "b stream");
    }

    @Test
    void aPoolThatCouldNotQueueStaysUnlessFewRequestsLeadToIt() {
        use(limits(10, 0, 10, 10));
        start("a");
        assertThat(events).containsExactly("a QUEUE_OVERFLOW");
        CircuitBreaker breaker = context.breaker(Priority.DEFAULT);
        assertThat(breaker.connectionPools().count()).isEqualTo(1);
        TransportOptions sni =
                new TransportOptions("sni", List.of(), List.of(), List.of(), null, null);
        start(new Waiter("b"), Protocol.HTTP11, sni, 0);
        assertThat(breaker.connectionPools().count()).isEqualTo(1);
    }

    @Test
    void tooManyPoolsOverflow() {
        use(limits(10, 10, 10, 1));
        start("a");
        TransportOptions sni =
                new TransportOptions("sni", List.of(), List.of(), List.of(), null, null);
        start(new Waiter("b"), Protocol.HTTP11, sni, 0);
        assertThat(events).containsExactly("b QUEUE_OVERFLOW");
        assertThat(counter("upstream_cx_pool_overflow")).isEqualTo(1);
    }

    @Test
    void aPoolWithoutStreamsMakesRoomForOneMore() {
        use(limits(10, 10, 10, 1));
        start("a");
        context.dials.get(0).connect();
        context.codecs.get(0).finish(0, true);
        start(new Waiter("b"), Protocol.HTTP11, from(1), 0);
        context.dials.get(1).connect();
        assertThat(events).containsExactly("a stream", "b stream");
        assertThat(context.dials.get(0).channel.isOpen()).isFalse();
        assertThat(context.breaker(Priority.DEFAULT).connectionPools().count()).isEqualTo(1);
        assertThat(counter("upstream_cx_pool_overflow")).isZero();
    }

    /** However many clients come one after another, the pools of those before go. */
    @Test
    void clientsThatAreGoneLeaveFewPools() {
        use(limits(1 << 20, 10, 10, CircuitBreakerSpec.UNLIMITED));
        start(new Waiter("stays"), Protocol.HTTP11, from(0), 0);
        context.dials.get(0).connect();
        for (int client = 1; client < 3 * HostPools.MANY; client++) {
            start(new Waiter("c"), Protocol.HTTP11, from(client), 0);
            context.dials.get(client).connect();
            context.codecs.get(client).finish(0, true);
        }
        assertThat(pools.connections()).isEqualTo(HostPools.MANY);
        assertThat(context.breaker(Priority.DEFAULT).connectionPools().count())
                .isEqualTo(HostPools.MANY);
        assertThat(context.dials.get(0).channel.isOpen()).isTrue();
        assertThat(context.dials.getLast().channel.isOpen()).isTrue();
    }

    /** Each request is compared with few pools, however many there are: counted, not timed. */
    @Test
    void aPoolIsFoundWithoutWalkingTheOthers() {
        use(limits(1 << 20, 10, 10, CircuitBreakerSpec.UNLIMITED));
        Counting.comparisons = 0;
        int clients = 500;
        for (int round = 0; round < 2; round++) {
            for (int client = 0; client < clients; client++) {
                start(new Waiter("c"), Protocol.HTTP11, counted(client), 0);
                if (round == 0) {
                    context.dials.get(client).connect();
                }
                context.codecs.get(client).finish(0, true);
            }
        }
        assertThat(context.dials).hasSize(clients);
        assertThat(Counting.comparisons).isLessThan(10 * clients);
    }

    private static TransportOptions from(int client) {
        return with(
                new UpstreamSource(
                        IpAddress.parse(
                                "10."
                                        + client / 65536
                                        + "."
                                        + client / 256 % 256
                                        + "."
                                        + client % 256,
                                0),
                        0));
    }

    private static TransportOptions counted(int client) {
        FilterState state = new FilterState(null);
        state.set("client", new Counting(client), FilterState.Sharing.ONCE);
        return TransportOptions.NONE.withShared(SharedObjects.of(state));
    }

    /** What tells clients apart, and counts how often it is asked whether it does. */
    private record Counting(int client) implements FilterState.Value {

        private static int comparisons;

        @Override
        public String serializeAsString() {
            return "";
        }

        @Override
        public boolean isHashable() {
            return true;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            comparisons++;
            return other instanceof Counting that && that.client == client;
        }

        @Override
        public int hashCode() {
            return client;
        }
    }

    private static TransportOptions with(UpstreamSource source) {
        return new TransportOptions(
                null, List.of(), List.of(), List.of(), null, null, SharedObjects.NONE, source);
    }
}
