package dev.attache.proxy.upstream.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.RetryBudget;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.Preconnect;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import dev.attache.proxy.worker.JitteredTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The states of pools: who waits, fails, is served and leaves. */
final class HostPoolsTest extends HostPoolsFixture {

    @Test
    void whoWaitsIsServedInOrderByConnectionsInAnyOrder() {
        start("a");
        start("b");
        assertThat(context.dials).hasSize(2);
        context.dials.get(1).connect();
        context.dials.get(0).connect();
        assertThat(events).containsExactly("a stream", "b stream");
    }

    @Test
    void theLastConnectionUsedIsUsedFirst() {
        start("a");
        start("b");
        context.dials.forEach(FakePoolContext.Dial::connect);
        context.codecs.get(0).finish(0, true);
        context.codecs.get(1).finish(0, true);
        assertThat(start("c")).isSameAs(Cancellable.DONE);
        assertThat(context.codecs.get(1).streams).hasSize(1);
        assertThat(context.dials).hasSize(2);
    }

    @Test
    void aFailedConnectionFailsEveryoneWhoWaits() {
        Waiter retrying = new Waiter("a");
        retrying.onFailure = () -> start("retry");
        start(retrying);
        start("b");
        context.dials.get(0).listener.onDialFailed(true, "TLS_error");
        assertThat(events)
                .containsExactly("a REMOTE_CONNECTION_FAILURE", "b REMOTE_CONNECTION_FAILURE");
        assertThat(counter("upstream_rq_pending_failure_eject")).isEqualTo(2);
        // The retry was queued meanwhile and is not part of the failure.
        context.dials.get(1).connect();
        assertThat(events).endsWith("retry stream");
    }

    @Test
    void givingUpLeavesTheConnectionToTheNext() {
        Cancellable a = start("a");
        a.cancel();
        assertThat(counter("upstream_rq_cancelled")).isEqualTo(1);
        a.cancel();
        assertThat(counter("upstream_rq_cancelled")).isEqualTo(1);
        start("b");
        assertThat(context.dials).hasSize(1);
        context.dials.getFirst().connect();
        assertThat(events).containsExactly("b stream");
    }

    @Test
    void givingUpWhileTheOthersAreFailed() {
        Cancellable[] second = new Cancellable[1];
        Waiter first = new Waiter("a");
        first.onFailure = () -> second[0].cancel();
        start(first);
        second[0] = start("b");
        context.dials.get(0).listener.onDialFailed(false, null);
        assertThat(events).startsWith("a LOCAL_CONNECTION_FAILURE").doesNotContain("b stream");
    }

    @Test
    void loadSheddingRefusesNewConnectionsAndLeavesThoseThatServe() {
        start("a");
        context.dials.get(0).connect();
        shedNewConnections(1);
        assertThat(start("b")).isSameAs(Cancellable.DONE);
        assertThat(context.dials).hasSize(1);
        assertThat(counter("upstream_rq_pending_total")).isEqualTo(2);
        assertThat(counter("upstream_rq_cancelled")).isEqualTo(1);
        context.codecs.get(0).finish(0, true);
        start("c");
        shedNewConnections(0);
        start("d");
        context.dials.get(1).connect();
        assertThat(events).containsExactly("a stream", "b LOAD_SHED", "c stream", "d stream");
    }

    @Test
    void whoWaitedForAConnectionThatGoesFailsWhereLoadIsShed() {
        use(limits(1, 1024, 1024, 1024));
        start("a");
        context.dials.get(0).connect();
        start("b");
        shedNewConnections(1);
        context.dials.get(0).peerCloses();
        assertThat(events).startsWith("a stream").contains("b LOAD_SHED");
    }

    private void shedNewConnections(float probability) {
        context.worker
                .overload()
                .adopt(
                        new OverloadState(
                                Map.of(),
                                Map.of(LoadShedPoint.CONNECTION_POOL_NEW_CONNECTION, probability),
                                Map.of(),
                                0),
                        OverloadEffects.UNHEARD);
    }

    /** Only hosts that hear of the client keep the connections of clients apart. */
    @Test
    void clientsShareConnectionsToHostsThatAreNotToldOfThem() {
        start(new Waiter("a"), Protocol.HTTP11, of("1.2.3.4"), 0);
        context.dials.get(0).connect();
        context.codecs.get(0).finish(0, true);
        start(new Waiter("b"), Protocol.HTTP11, of("5.6.7.8"), 0);
        assertThat(context.dials).hasSize(1);
        assertThat(events).containsExactly("a stream", "b stream");
    }

    /** TLVs may say who the client is. */
    @Test
    void clientsOfOneAddressButOtherTlvsShareNoConnection() {
        IpAddress address = IpAddress.parse("1.2.3.4", 80);
        ProxyHeader.Tlv one = new ProxyHeader.Tlv(0xe0, new byte[] {1});
        assertThat(new ProxyHeader(address, address, List.of(one)))
                .isEqualTo(
                        new ProxyHeader(
                                address,
                                address,
                                List.of(new ProxyHeader.Tlv(0xe0, new byte[] {1}))))
                .isNotEqualTo(
                        new ProxyHeader(
                                address,
                                address,
                                List.of(new ProxyHeader.Tlv(0xe0, new byte[] {2}))));
    }

    private static TransportOptions of(String client) {
        IpAddress address = IpAddress.parse(client, 80);
        return TransportOptions.NONE.withProxyHeader(new ProxyHeader(address, address, List.of()));
    }

    @Test
    void connectTimeoutIsThePoolsOwn() {
        start("a");
        context.worker.advance(5_001);
        assertThat(events).containsExactly("a TIMEOUT", "empty");
        assertThat(context.dials.get(0).cancelled).isTrue();
    }

    @Test
    void http2PlansWithItsOwnLimitAndFollowsThePeers() {
        use(http(ProtocolChoice.HTTP2));
        start("a");
        start("b");
        assertThat(context.dials).hasSize(1);
        context.dials.get(0).connect();
        FakePoolContext.FakeCodec codec = context.codecs.get(0);
        assertThat(codec.streams).hasSize(2);
        codec.listener.onMaxConcurrentStreams(2);
        start("c");
        assertThat(context.dials).hasSize(2);
        codec.finish(0, true);
        assertThat(events).containsExactly("a stream", "b stream", "c stream");
        codec.listener.onMaxConcurrentStreams(3);
        start("d");
        assertThat(codec.streams).hasSize(3);
    }

    @Test
    void goAwayDrains() {
        use(http(ProtocolChoice.HTTP2));
        start("a");
        context.dials.get(0).connect();
        context.codecs.get(0).listener.onGoAway();
        start("b");
        assertThat(context.dials).hasSize(2);
        assertThat(context.dials.get(0).channel.isOpen()).isTrue();
        context.codecs.get(0).finish(0, false);
        assertThat(context.dials.get(0).channel.isOpen()).isFalse();
        context.dials.get(1).connect();
        assertThat(events).endsWith("b stream");
    }

    @Test
    void preconnectKeepsMoreReadyThanNeeded() {
        use(ClusterSpec.named("c").preconnect(new Preconnect(2, 1, null)).build());
        start("a");
        assertThat(context.dials).hasSize(2);
        context.dials.forEach(FakePoolContext.Dial::connect);
        start("b");
        assertThat(context.dials.size()).isGreaterThan(2);
        context.dials.stream().skip(2).forEach(FakePoolContext.Dial::connect);
    }

    @Test
    void whatIsReadyIsEnoughForTheNextStream() {
        use(ClusterSpec.named("c").preconnect(new Preconnect(3, 1, null)).build());
        start("a");
        assertThat(context.dials).hasSize(3);
        context.dials.forEach(FakePoolContext.Dial::connect);
        context.codecs.getFirst().finish(0, true);
        start("b");
        assertThat(context.dials).hasSize(3);
    }

    @Test
    void metadataSayWhichHostsGetMoreThanTheyNeed() {
        use(ClusterSpec.named("c").preconnect(new Preconnect(2, 1, host -> false)).build());
        start("a");
        assertThat(context.dials).hasSize(1);
        assertThat(counter("upstream_cx_preconnect_skipped")).isEqualTo(1);
        context.dials.forEach(FakePoolContext.Dial::connect);
    }

    @Test
    void aRemovedHostServesWhoWaitsAndLeaves() {
        start("a");
        pools.drainForGood();
        context.dials.get(0).connect();
        assertThat(events).containsExactly("a stream");
        context.codecs.get(0).finish(0, true);
        assertThat(context.dials.get(0).channel.isOpen()).isFalse();
        assertThat(events).endsWith("empty");
    }

    @Test
    void idleAndOldConnectionsLeave() {
        UpstreamHttpSpec d = UpstreamHttpSpec.DEFAULTS;
        use(
                ClusterSpec.named("c")
                        .http(
                                new UpstreamHttpSpec(
                                        d.protocol(),
                                        d.http1(),
                                        d.http2(),
                                        1000,
                                        JitteredTime.of(2500),
                                        0,
                                        0,
                                        false,
                                        false,
                                        null,
                                        RequestPolicies.NONE,
                                        null))
                        .build());
        start("a");
        context.dials.get(0).connect();
        context.worker.advance(1500);
        context.codecs.get(0).finish(0, true);
        context.worker.advance(600);
        assertThat(context.dials.get(0).channel.isOpen()).isTrue();
        start("b");
        context.worker.advance(500);
        assertThat(counter("upstream_cx_max_duration_reached")).isEqualTo(1);
        assertThat(context.dials.get(0).channel.isOpen()).isTrue();
        context.codecs.get(0).finish(0, true);
        assertThat(context.dials.get(0).channel.isOpen()).isFalse();
        start("c");
        context.dials.get(1).connect();
        context.codecs.get(1).finish(0, true);
        context.worker.advance(1002);
        assertThat(counter("upstream_cx_idle_timeout")).isEqualTo(1);
    }

    @Test
    void retryBudgetFollowsWhatIsUnderWay() {
        use(
                ClusterSpec.named("c")
                        .circuitBreakers(
                                new CircuitBreakerSpec(
                                        new Thresholds(
                                                100,
                                                100,
                                                100,
                                                3,
                                                100,
                                                new RetryBudget(20, 3, 0),
                                                false),
                                        Thresholds.DEFAULTS,
                                        CircuitBreakerSpec.UNLIMITED))
                        .build());
        CircuitBreaker.Resource retries = context.breaker(Priority.DEFAULT).retries();
        assertThat(retries.max()).isEqualTo(3);
        for (int i = 0; i < 20; i++) {
            start("r" + i);
        }
        assertThat(retries.max()).isEqualTo(4);
        context.dials.forEach(FakePoolContext.Dial::connect);
        assertThat(retries.max()).isEqualTo(4);
    }
}
