package dev.attache.proxy.upstream.outlier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.FakeWorker;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import dev.attache.proxy.upstream.spec.OutlierSpec.FailurePercentage;
import dev.attache.proxy.upstream.spec.OutlierSpec.SuccessRate;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the rules of Envoy's outlier detection page, on a clock that the test moves. */
final class OutlierDetectorTest {

    private final FakeWorker main = new FakeWorker();
    private final StatsStore stats = new StatsStore();
    private final HostSet ten = HostSets.of(HostSets.level(0, 10, 0, 0));
    private final Host first = ten.hosts().getFirst();
    private int changes;
    private OutlierDetector detector =
            open(spec(10, false, false, FailurePercentage.DEFAULTS), ten);

    private OutlierDetector open(OutlierSpec spec, HostSet hosts) {
        OutlierDetector opened =
                new OutlierDetector(
                        spec,
                        main.eventLoop(),
                        2,
                        stats.scope("cluster.c."),
                        () -> TimeUnit.NANOSECONDS.toMillis(main.nanoTime()),
                        () -> changes++);
        opened.hosts(hosts);
        return opened;
    }

    private void reopen(OutlierSpec spec, HostSet hosts) {
        detector.close();
        detector = open(spec, hosts);
    }

    private static OutlierSpec spec(
            int maxPercent, boolean alwaysOne, boolean split, FailurePercentage share) {
        OutlierSpec d = OutlierSpec.DEFAULTS;
        return new OutlierSpec(
                d.intervalMillis(),
                d.baseEjectionMillis(),
                d.maxEjectionMillis(),
                0,
                maxPercent,
                alwaysOne,
                d.consecutive5xx(),
                d.enforcingConsecutive5xx(),
                d.consecutiveGatewayFailure(),
                d.enforcingConsecutiveGatewayFailure(),
                split,
                d.consecutiveLocalOriginFailure(),
                d.enforcingConsecutiveLocalOriginFailure(),
                SuccessRate.DEFAULTS,
                share,
                true,
                true);
    }

    @AfterEach
    void closes() {
        detector.close();
        assertThat(stats.gauge("cluster.c.outlier_detection.ejections_active").value()).isZero();
        assertThat(first.monitor()).isSameAs(OutlierMonitor.NONE);
        assertThat(first.has(Host.Flag.FAILED_OUTLIER_CHECK)).isFalse();
    }

    private void responses(Host host, int status, int count) {
        for (int i = 0; i < count; i++) {
            host.monitor().onResponse(i % 2, status);
        }
        main.run();
    }

    private static boolean ejected(Host host) {
        return host.has(Host.Flag.FAILED_OUTLIER_CHECK);
    }

    private long counter(String name) {
        return stats.counter("cluster.c.outlier_detection." + name).value();
    }

    @Test
    void fiveErrorsInARowEjectForThirtySeconds() {
        responses(first, 500, 4);
        responses(first, 200, 1);
        responses(first, 500, 4);
        assertThat(ejected(first)).isFalse();
        responses(first, 500, 1);
        assertThat(ejected(first)).isTrue();
        assertThat(changes).isEqualTo(1);
        assertThat(counter("ejections_detected_consecutive_5xx")).isEqualTo(1);
        assertThat(counter("ejections_enforced_consecutive_5xx")).isEqualTo(1);
        assertThat(counter("ejections_enforced_total")).isEqualTo(1);
        main.advance(29_999);
        assertThat(ejected(first)).isTrue();
        main.advance(10_001);
        assertThat(ejected(first)).isFalse();
        assertThat(changes).isEqualTo(2);
        assertThat(first.healthy()).isTrue();
    }

    @Test
    void aHostThatSaysSoIsDegradedForAsLongAsAnEjection() {
        assertThat(first.monitor().heedsDegraded()).isTrue();
        first.monitor().onDegraded();
        first.monitor().onDegraded();
        main.run();
        assertThat(first.degraded()).isTrue();
        assertThat(first.healthFlagsText()).isEqualTo("/degraded_outlier_detection");
        assertThat(changes).isEqualTo(1);
        assertThat(counter("ejections_detected_degradation")).isEqualTo(1);
        assertThat(counter("ejections_enforced_total")).isZero();
        // an ejection counts for itself
        responses(first, 500, 5);
        assertThat(first.degraded()).isFalse();
        assertThat(first.healthy()).isFalse();
        main.advance(29_999);
        assertThat(first.has(Host.Flag.DEGRADED_OUTLIER_DETECTION)).isTrue();
        main.advance(10_001);
        assertThat(first.healthy()).isTrue();
        first.monitor().onDegraded();
        main.run();
        main.advance(50_000);
        assertThat(first.degraded()).isTrue();
        main.advance(20_000);
        assertThat(first.healthy()).isTrue();
    }

    @Test
    void aNewVersionOfTheClusterGoesOnWithADegradedHostIfItHeedsThem() {
        first.monitor().onDegraded();
        main.run();
        OutlierDetector next = open(spec(10, false, false, FailurePercentage.DEFAULTS), ten);
        detector.close();
        detector = next;
        assertThat(first.degraded()).isTrue();
        main.advance(40_000);
        assertThat(first.healthy()).isTrue();

        first.monitor().onDegraded();
        main.run();
        next = open(OutlierSpec.DEFAULTS, ten);
        detector.close();
        detector = next;
        assertThat(first.monitor().heedsDegraded()).isFalse();
        assertThat(first.healthy()).isTrue();
    }

    @Test
    void theSecondEjectionIsTwiceAsLong() {
        responses(first, 500, 5);
        main.advance(40_000);
        assertThat(ejected(first)).isFalse();
        responses(first, 503, 5);
        assertThat(ejected(first)).isTrue();
        main.advance(50_000);
        assertThat(ejected(first)).isTrue();
        main.advance(20_000);
        assertThat(ejected(first)).isFalse();
    }

    @Test
    void fourHostsLoseNoneUnlessOneMayAlwaysGo() {
        HostSet four = HostSets.of(HostSets.group(0, first.locality(), 0, 3000, 4, 0, 0));
        reopen(spec(10, false, false, FailurePercentage.DEFAULTS), four);
        Host host = four.hosts().getFirst();
        responses(host, 500, 5);
        assertThat(ejected(host)).isFalse();
        assertThat(counter("ejections_overflow")).isEqualTo(1);
        reopen(spec(10, true, false, FailurePercentage.DEFAULTS), four);
        responses(host, 500, 5);
        assertThat(ejected(host)).isTrue();
        responses(four.hosts().get(1), 500, 5);
        assertThat(ejected(four.hosts().get(1))).isFalse();
    }

    @Test
    void gatewayErrorsAreSeenButNotEnforced() {
        responses(first, 503, 4);
        responses(first, 500, 1);
        // Five errors in a row, but a 500 is none of a gateway.
        assertThat(counter("ejections_detected_consecutive_gateway_failure")).isZero();
        Host second = ten.hosts().get(1);
        responses(second, 502, 5);
        assertThat(counter("ejections_detected_consecutive_gateway_failure")).isEqualTo(1);
        assertThat(counter("ejections_enforced_consecutive_gateway_failure")).isZero();
    }

    @Test
    void localFailuresCountAsErrorsUnlessTheyAreSplit() {
        for (int i = 0; i < 5; i++) {
            first.monitor().onLocalEvent(0, LocalEvent.CONNECT_SUCCESS);
            first.monitor().onLocalEvent(0, LocalEvent.CONNECT_FAILED);
        }
        main.run();
        assertThat(ejected(first)).isTrue();
        reopen(spec(10, false, true, FailurePercentage.DEFAULTS), ten);
        first.monitor().onLocalEvent(0, LocalEvent.CONNECT_FAILED);
        for (int i = 0; i < 4; i++) {
            first.monitor().onLocalEvent(1, LocalEvent.TIMEOUT);
        }
        main.run();
        assertThat(ejected(first)).isTrue();
        assertThat(counter("ejections_enforced_consecutive_local_origin_failure")).isEqualTo(1);
    }

    @Test
    void successRatesFarBelowTheOthersEject() {
        for (Host host : ten.hosts()) {
            for (int i = 0; i < 100; i++) {
                boolean bad = host == first && i % 2 == 0;
                host.monitor().onResponse(0, bad ? 500 : 200);
            }
        }
        main.advance(10_001);
        assertThat(ejected(first)).isTrue();
        assertThat(counter("ejections_enforced_success_rate")).isEqualTo(1);
        assertThat(ten.hosts().stream().filter(OutlierDetectorTest::ejected)).hasSize(1);
    }

    @Test
    void failurePercentageHasAFixedLine() {
        // Five of six fail, never five in a row on what counts runs: the threshold there is raised.
        HostSet hosts = HostSets.of(HostSets.group(0, first.locality(), 0, 4000, 10, 0, 0));
        OutlierSpec base = spec(100, false, false, new FailurePercentage(80, 100, 0, 5, 50));
        OutlierSpec patient =
                new OutlierSpec(
                        base.intervalMillis(),
                        base.baseEjectionMillis(),
                        base.maxEjectionMillis(),
                        0,
                        100,
                        false,
                        1000,
                        100,
                        1000,
                        0,
                        false,
                        5,
                        100,
                        new SuccessRate(0, 0, 5, 100, 1900),
                        base.failurePercentage(),
                        true,
                        false);
        reopen(patient, hosts);
        for (Host host : hosts.hosts()) {
            int failing = host == hosts.hosts().getFirst() ? 5 : 4;
            for (int i = 0; i < 60; i++) {
                host.monitor().onResponse(i % 2, i % 6 < failing ? 500 : 200);
            }
        }
        main.advance(10_001);
        assertThat(hosts.hosts().stream().filter(OutlierDetectorTest::ejected))
                .containsExactly(hosts.hosts().getFirst());
        assertThat(counter("ejections_enforced_failure_percentage")).isEqualTo(1);
    }

    @Test
    void hostsThatLeaveAreForgotten() {
        responses(first, 500, 5);
        assertThat(ejected(first)).isTrue();
        detector.hosts(HostSets.of(HostSets.level(1, 3, 0, 0)));
        assertThat(stats.gauge("cluster.c.outlier_detection.ejections_active").value()).isZero();
    }
}
