package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clusters whose hosts change or are ejected, and new versions, over real sockets and a real loop.
 */
final class ClusterUpdatesIT extends ClusterCases {
    @Test
    void edsUpdatesKeepPoolsOfHostsThatStay() throws Exception {
        Http1Server stays = server();
        Http1Server leaves = server();
        SharedCluster shared =
                add(ClusterSpec.named("c").discovery(new DiscoverySpec.Eds("")).build());
        assertThat(worker.call(shared::warm)).isFalse();
        assertThat(get("c")).isEqualTo("NONE");
        worker.call(() -> assign(shared, assignment(stays.port(), leaves.port())));
        assertThat(worker.call(shared::warm)).isTrue();
        for (int i = 0; i < 10; i++) {
            get("c");
        }
        assertThat(gauge("upstream_cx_active")).isEqualTo(2);
        worker.call(() -> assign(shared, assignment(stays.port())));
        worker.await("one left", () -> gauge("upstream_cx_active") == 1);
        for (int i = 0; i < 10; i++) {
            assertThat(get("c")).isEqualTo(Integer.toString(stays.port()));
        }
        assertThat(stays.accepted).hasValue(1);
        assertThat(gauge("membership_total")).isEqualTo(1);
        worker.call(() -> assign(shared, assignment(stays.port())));
        assertThat(counter("update_no_rebuild")).isEqualTo(1);
    }

    private static @Nullable Void assign(SharedCluster shared, LoadAssignment assignment) {
        shared.assign(assignment);
        return null;
    }

    @Test
    void aRemovedHostFinishesWhatItHas() throws Exception {
        Http1Server server = server();
        server.gate = new CompletableFuture<>();
        SharedCluster shared =
                add(ClusterSpec.named("c").discovery(new DiscoverySpec.Eds("")).build());
        worker.call(() -> assign(shared, assignment(server.port())));
        Exchange exchange = start("c", null);
        worker.await("active", () -> gauge("upstream_rq_active") == 1);
        worker.call(() -> assign(shared, assignment()));
        server.gate.complete(null);
        assertThat(outcome(exchange)).isEqualTo("" + server.port());
        worker.await("gone", () -> gauge("upstream_cx_active") == 0);
        assertThat(get("c")).isEqualTo("NONE");
    }

    @Test
    void aNewVersionKeepsPoolsUnlessConnectionsDiffer() throws Exception {
        Http1Server server = server();
        ClusterSpec spec = ClusterSpec.named("c").endpoints(assignment(server.port())).build();
        SharedCluster first = add(spec);
        get("c");
        SharedCluster second =
                worker.call(() -> {
                    SharedCluster next =
                            SharedCluster.open(
                                    spec.toBuilder().cleanupIntervalMillis(1).build(),
                                    environment,
                                    first);
                    clusters.put(next);
                    first.close();
                    return next;
                });
        get("c");
        assertThat(server.accepted).hasValue(1);
        worker.call(() -> {
            clusters.put(
                    SharedCluster.open(
                            spec.toBuilder().bufferLimitBytes(1).build(), environment, second));
            second.close();
            return null;
        });
        worker.await("drained", () -> gauge("upstream_cx_active") == 0);
        get("c");
        assertThat(server.accepted).hasValue(2);
    }

    @Test
    void originalDestinationIsItsOwnHost() throws Exception {
        Http1Server server = server();
        add(
                ClusterSpec.named("c")
                        .discovery(
                                new DiscoverySpec.OriginalDst(
                                        HeaderName.X_ENVOY_ORIGINAL_DST_HOST, 0, null))
                        .cleanupIntervalMillis(50)
                        .build());
        Exchange exchange = new Exchange("x-close");
        Headers headers = new Headers();
        headers.add(HeaderName.X_ENVOY_ORIGINAL_DST_HOST, "127.0.0.1:" + server.port());
        PickContext context =
                new PickContext() {
                    @Override
                    public Headers downstreamHeaders() {
                        return headers;
                    }
                };
        Address address =
                worker.call(() -> {
                    Cluster cluster = clusters.cluster("c");
                    assertThat(cluster).isNotNull();
                    Host host = (Host) cluster.choose(context);
                    cluster.newStream(
                            host,
                            Priority.DEFAULT,
                            Protocol.HTTP2,
                            TransportOptions.NONE,
                            0,
                            exchange,
                            exchange);
                    return host.address();
                });
        assertThat(address).hasToString("127.0.0.1:" + server.port());
        assertThat(outcome(exchange)).isEqualTo("" + server.port());
        assertThat(get("c")).isEqualTo("NONE");
        // Unused, it is forgotten, and with it the clean-up timer.
        worker.await("forgotten", () -> worker.timers().pending() == 0);
    }

    @Test
    void anEjectedHostGetsNothingAndLosesItsConnections() throws Exception {
        Http1Server good = server();
        Http1Server bad = server();
        OutlierSpec d = OutlierSpec.DEFAULTS;
        OutlierSpec eager =
                new OutlierSpec(
                        100,
                        300,
                        300,
                        0,
                        50,
                        false,
                        5,
                        100,
                        5,
                        0,
                        false,
                        5,
                        100,
                        d.successRate(),
                        d.failurePercentage(),
                        true,
                        false);
        SharedCluster shared =
                add(
                        ClusterSpec.named("c")
                                .endpoints(assignment(good.port(), bad.port()))
                                .outlier(eager)
                                .build());
        for (int i = 0; i < 4; i++) {
            get("c");
        }
        assertThat(gauge("upstream_cx_active")).isEqualTo(2);
        Host failing = shared.hosts().hosts().get(1);
        worker.call(() -> {
            for (int i = 0; i < 5; i++) {
                failing.monitor().onResponse(0, 500);
            }
            return null;
        });
        worker.await("drained", () -> gauge("upstream_cx_active") == 1);
        assertThat(failing.healthFlagsText()).isEqualTo("/failed_outlier_check");
        assertThat(gauge("membership_healthy")).isEqualTo(1);
        assertThat(get("c")).isEqualTo(Integer.toString(good.port()));
        worker.await("back", () -> gauge("membership_healthy") == 2);
        worker.call(() -> {
            shared.close();
            return null;
        });
    }
}
