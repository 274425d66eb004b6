package dev.attache.proxy.upstream.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.h1.Http1ClientCodec;
import dev.attache.proxy.log.LineLog;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.upstream.FakeWorker;
import dev.attache.proxy.upstream.HostSets;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Host.Flag;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.pool.ClientCodec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Http;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Intervals;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.StatusRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One host under checks, on a clock and a network that the test moves. */
final class HealthCheckerTest {

    private static final Intervals TIMES =
            new Intervals(1_000, 60_000, 50_000, 2_000, 300, 400, 0, 0, 0);

    private record Dial(Address address, Dialer.Listener listener) {}

    private final FakeWorker main = new FakeWorker();
    private final StatsStore stats = new StatsStore();
    private final HostSet one = HostSets.of(HostSets.level(0, 1, 0, 0));
    private final Host host = one.hosts().getFirst();
    private final ClientTransport raw =
            new RawClientTransportSpec().open(stats.scope("cluster.c."));
    private final List<Dial> dials = new ArrayList<>();
    private final List<EmbeddedConnection> connections = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private int cancelled;
    private @Nullable HealthCheckers checker;

    private HealthCheckers open(HealthCheckSpec.Probe probe, long unhealthy, long healthy) {
        return open(probe, unhealthy, healthy, true);
    }

    private HealthCheckers open(
            HealthCheckSpec.Probe probe, long unhealthy, long healthy, boolean reuse) {
        LineLog log = events::add;
        HealthCheckSpec spec =
                new HealthCheckSpec(
                        "",
                        probe,
                        5_000,
                        TIMES,
                        unhealthy,
                        healthy,
                        reuse,
                        List.of(),
                        Optional.empty(),
                        false,
                        false,
                        List.of(log));
        host.set(Flag.FAILED_ACTIVE_HC, true);
        HealthCheckers opened =
                new HealthCheckers(
                        List.of(
                                new CheckedCluster(
                                        "c",
                                        spec,
                                        stats.scope("cluster.c."),
                                        main,
                                        (address, transport, options, listener) -> {
                                            dials.add(new Dial(address, listener));
                                            return () -> cancelled++;
                                        },
                                        (protocol, connection, listener) -> {
                                            var codec =
                                                    new Http1ClientCodec(
                                                            connection,
                                                            Http1Options.DEFAULTS,
                                                            listener);
                                            return new ClientCodec(codec, codec);
                                        },
                                        checked -> raw,
                                        1 << 20)),
                        stats.scope("cluster.c."),
                        (checked, changed, passed) -> outcomes.add(changed + " " + passed));
        checker = opened;
        opened.hosts(one);
        main.advance(0);
        return opened;
    }

    @AfterEach
    void nothingIsLeft() {
        checker.close();
        main.run();
        assertThat(stats.gauge("cluster.c.health_check.healthy").value()).isZero();
        assertThat(stats.gauge("cluster.c.health_check.degraded").value()).isZero();
        for (EmbeddedConnection each : connections) {
            assertThat(each.isClosing()).isTrue();
            each.finish();
        }
        int asked = dials.size();
        main.advance(1_000_000);
        assertThat(dials).hasSize(asked);
    }

    private EmbeddedConnection accept() {
        EmbeddedConnection connection = new EmbeddedConnection();
        connections.add(connection);
        dials.getLast().listener().onConnected(connection.connection());
        return connection;
    }

    private void refuse() {
        dials.getLast().listener().onDialFailed(true, null);
    }

    private void answer(EmbeddedConnection connection, String head) {
        assertThat(connection.writtenText()).startsWith("GET /hc HTTP/1.1\r\nhost: c\r\n");
        connection.feed("HTTP/1.1 " + head + "\r\ncontent-length: 0\r\n\r\n");
        main.run();
        connection.channel().runPendingTasks();
    }

    private long counter(String name) {
        return stats.counter("cluster.c.health_check." + name).value();
    }

    private void traffic() {
        stats.counter("cluster.c.upstream_cx_total").inc();
    }

    @Test
    void theFirstPassIsEnoughAndTheConnectionStays() {
        open(Http.get("/hc"), 3, 3);
        EmbeddedConnection connection = accept();
        answer(connection, "200 OK");
        assertThat(host.healthFlagsText()).isEqualTo("healthy");
        assertThat(outcomes).containsExactly("true true");
        assertThat(stats.gauge("cluster.c.health_check.healthy").value()).isEqualTo(1);
        main.advance(49_999);
        assertThat(counter("attempt")).isEqualTo(1);
        main.advance(2);
        assertThat(counter("attempt")).isEqualTo(2);
        answer(connection, "200 OK");
        assertThat(dials).hasSize(1);
        assertThat(outcomes).containsExactly("true true", "false true");
        assertThat(counter("success")).isEqualTo(2);
    }

    @Test
    void connectionErrorsCountAndUnexpectedAnswersDoNotWait() {
        open(Http.get("/hc"), 2, 2);
        traffic();
        answer(accept(), "200 OK\r\nconnection: close");
        assertThat(connections.getFirst().isClosing()).isTrue();
        main.advance(1_001);
        refuse();
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isFalse();
        main.advance(301);
        assertThat(dials).hasSize(3);
        refuse();
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        assertThat(counter("network_failure")).isEqualTo(2);
        main.advance(1_999);
        assertThat(dials).hasSize(3);
        main.advance(2);
        EmbeddedConnection connection = accept();
        answer(connection, "200 OK");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        main.advance(401);
        answer(connection, "200 OK");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isFalse();
        main.advance(1_001);
        answer(connection, "500 No");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        assertThat(counter("failure")).isEqualTo(3);
        assertThat(counter("network_failure")).isEqualTo(2);
    }

    @Test
    void retriableStatusesCountTowardsTheThreshold() {
        open(
                new Http(
                        false,
                        false,
                        "GET",
                        "",
                        "/hc",
                        null,
                        List.of(),
                        1024,
                        Http.OK_ONLY,
                        List.of(new StatusRange(500, 504)),
                        HeaderMutations.NONE,
                        null),
                2,
                1);
        traffic();
        EmbeddedConnection connection = accept();
        answer(connection, "200 OK");
        main.advance(1_001);
        answer(connection, "503 Later");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isFalse();
        main.advance(301);
        answer(connection, "503 Later");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
    }

    @Test
    void aTimeoutIsAFlagOfItsOwnUntilTheHostFailsOtherwise() {
        open(Http.get("/hc"), 1, 1);
        traffic();
        accept();
        main.advance(5_001);
        assertThat(host.healthFlagsText()).isEqualTo("/failed_active_hc/active_hc_timeout");
        main.run();
        connections.getFirst().channel().runPendingTasks();
        assertThat(connections.getFirst().isClosing()).isTrue();
        main.advance(2_001);
        refuse();
        assertThat(host.healthFlagsText()).isEqualTo("/failed_active_hc");
        main.advance(2_001);
        main.advance(5_001);
        assertThat(cancelled).isEqualTo(1);
        assertThat(host.healthFlagsText()).isEqualTo("/failed_active_hc/active_hc_timeout");
        main.advance(2_001);
        answer(accept(), "200 OK");
        assertThat(host.healthFlagsText()).isEqualTo("healthy");
    }

    @Test
    void answersToOthersMayFailAHostAtOnce() {
        open(Http.get("/hc"), 3, 1);
        EmbeddedConnection connection = accept();
        answer(connection, "200 OK");
        host.healthMonitor().onImmediateFail();
        assertThat(host.healthFlagsText()).isEqualTo("/excluded_via_immediate_hc_fail");
        main.run();
        assertThat(host.healthFlagsText())
                .isEqualTo("/failed_active_hc/excluded_via_immediate_hc_fail");
        assertThat(counter("passive_failure")).isEqualTo(1);
        main.advance(50_001);
        answer(connection, "200 OK\r\nx-envoy-degraded: 1");
        assertThat(host.healthFlagsText()).isEqualTo("/degraded_active_hc");
        assertThat(stats.gauge("cluster.c.health_check.degraded").value()).isEqualTo(1);
    }

    @Test
    void aConnectionIsNotReusedWhereThatIsNotWanted() {
        open(Http.get("/hc"), 1, 1, false);
        answer(accept(), "200 OK");
        assertThat(connections.getFirst().isClosing()).isTrue();
        main.advance(50_001);
        assertThat(dials).hasSize(2);
        answer(accept(), "200 OK");
    }

    @Test
    void aHostThatLeavesIsAskedNoMore() {
        HealthCheckers opened = open(Http.get("/hc"), 1, 1);
        accept();
        assertThat(opened.unchecked()).containsExactly(host);
        opened.hosts(HostSet.EMPTY);
        main.run();
        connections.getFirst().channel().runPendingTasks();
        assertThat(opened.unchecked()).isEmpty();
        assertThat(outcomes).containsExactly("false false");
        assertThat(host.healthMonitor())
                .isSameAs(dev.attache.proxy.upstream.host.HealthMonitor.NONE);
    }

    @Test
    void eventsAreWrittenAsEnvoyWritesThem() {
        open(Http.get("/hc"), 1, 1);
        EmbeddedConnection connection = accept();
        answer(connection, "200 OK");
        main.advance(50_001);
        answer(connection, "500 No");
        assertThat(events).hasSize(2);
        String address =
                "{\"health_checker_type\":\"HTTP\",\"host\":{\"socket_address\":{\"protocol\":\"TCP\","
                        + "\"address\":\"127.0.0.1\",\"port_value\":1000,\"resolver_name\":\"\","
                        + "\"ipv4_compat\":false,\"network_namespace_filepath\":\"\"}},"
                        + "\"cluster_name\":\"c\",";
        String locality = ",\"locality\":{\"region\":\"\",\"zone\":\"\",\"sub_zone\":\"\"}}";
        String time = "\"timestamp\":\"[^\"]+Z\"";
        assertThat(events.get(0))
                .matches(
                        quoted(address + "\"add_healthy_event\":{\"first_check\":true},")
                                + time
                                + quoted(locality));
        assertThat(events.get(1))
                .matches(
                        quoted(
                                        address
                                                + "\"eject_unhealthy_event\":{\"failure_type\":\"ACTIVE\","
                                                + "\"http_status_code\":500},")
                                + time
                                + quoted(locality));
    }

    private static String quoted(String text) {
        return java.util.regex.Pattern.quote(text);
    }

    @Test
    void tcpLooksForThePiecesInTheirOrder() {
        open(
                new HealthCheckSpec.Tcp(
                        "ping", List.of("po", "ng"), HealthCheckSpec.Tcp.ProxyProtocol.V2),
                1,
                1);
        EmbeddedConnection connection = accept();
        assertThat(connection.writtenText()).isEqualTo("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0ping");
        connection.feed("ngpo");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        connection.feed("..ng");
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isFalse();
        // The peer's close between checks is a failure, as in Envoy.
        connection.disconnect();
        assertThat(host.has(Flag.FAILED_ACTIVE_HC)).isTrue();
        assertThat(counter("network_failure")).isEqualTo(1);
    }
}
