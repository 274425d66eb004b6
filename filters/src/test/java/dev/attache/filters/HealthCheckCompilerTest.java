package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.ClusterCompiler;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Intervals;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.StatusRange;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code health_checks} of a cluster. */
final class HealthCheckCompilerTest {

    private static final String TIMES =
            "timeout: 1s, interval: 5s, unhealthy_threshold: 3, healthy_threshold: 2, ";

    private final ConfigFixture fixture = new ConfigFixture();

    private Compiled<CompiledCluster> compile(String more) {
        return ClusterCompiler.compileResource(
                ConfigFixture.parse("{name: a, " + more + "}", Cluster.getDefaultInstance()),
                BindConfig.getDefaultInstance(),
                fixture.settings());
    }

    private HealthCheckSpec ok(String check) {
        return compile("health_checks: [{" + TIMES + check + "}]")
                .orThrow()
                .spec()
                .healthChecks()
                .getFirst();
    }

    @Test
    void defaultsAreEnvoys() {
        assertThat(ok("http_health_check: {path: /hc}"))
                .isEqualTo(
                        new HealthCheckSpec(
                                "",
                                HealthCheckSpec.Http.get("/hc"),
                                1_000,
                                new Intervals(5_000, 60_000, 60_000, 5_000, 5_000, 5_000, 0, 0, 0),
                                3,
                                2,
                                true,
                                List.of(),
                                Optional.empty(),
                                false,
                                false,
                                List.of()));
    }

    @Test
    void intervalsFollowEachOther() {
        assertThat(
                        ok("no_traffic_interval: 9s, unhealthy_interval: 2s, interval_jitter: 1s,"
                                        + " interval_jitter_percent: 10, initial_jitter: 0.5s,"
                                        + " healthy_edge_interval: 3s, tcp_health_check: {}")
                                .intervals())
                .isEqualTo(new Intervals(5_000, 9_000, 9_000, 2_000, 2_000, 3_000, 500, 1_000, 10));
    }

    @Test
    void payloadsAreBytes() {
        var tcp =
                (HealthCheckSpec.Tcp)
                        ok("tcp_health_check: {send: {text: 00FF}, receive: [{binary: aGk=}]}")
                                .probe();
        assertThat(tcp.send()).isEqualTo("\0\u00ff");
        assertThat(tcp.receive()).containsExactly("hi");
        var http =
                (HealthCheckSpec.Http)
                        ok("http_health_check: {path: /, codec_client_type: HTTP2,"
                                        + " retriable_statuses: [{start: 500, end: 504}]}")
                                .probe();
        assertThat(http.http2()).isTrue();
        assertThat(http.retriable()).containsExactly(new StatusRange(500, 504));
    }

    @Test
    void theSameCheckWithALogIsTheSame(@TempDir Path dir) {
        String check =
                "http_health_check: {path: /, request_headers_to_remove: [user-agent]},"
                        + " event_logger: [{name: f, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink,"
                        + " event_log_path: '"
                        + dir.resolve("events")
                        + "'}}]";
        assertThat(ok(check)).isEqualTo(ok(check));
        assertThat(ok(check).events()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    http_health_check: {path: /, expected_statuses: [{start: 99, end: 200}]}; http_health_check.expected_statuses[0]: Invalid http expected status range: expecting start >= 100, but found start=99
                    http_health_check: {path: /, retriable_statuses: [{start: 300, end: 300}]}; 'http_health_check.retriable_statuses[0]: Invalid http retriable status range: expecting start < end, but found start=300 and end=300'
                    http_health_check: {path: /, expected_statuses: [{start: 200, end: 601}]}; http_health_check.expected_statuses[0]: Invalid http expected status range: expecting end <= 600, but found end=601
                    http_health_check: {path: /, send: {text: aa}}; http_health_check.send: HTTP health check cannot specify a request payload with method 'GET'. Only methods that support a request body (POST, PUT, PATCH, OPTIONS) can be used with payload.
                    http_health_check: {path: /, response_buffer_size: 1, receive: [{text: aabb}]}; http_health_check.receive: The expected response length '2' is over than http health response buffer size '1'
                    http_health_check: {path: /, codec_client_type: HTTP3}; http_health_check.codec_client_type: HTTP/3 is not built
                    tcp_health_check: {receive: [{text: xy}]}; tcp_health_check.receive[0].text: invalid hex string 'xy'
                    """,
            ignoreLeadingAndTrailingWhitespace = true)
    void badChecks(String check, String error) {
        assertThat(ConfigFixture.errors(compile("health_checks: [{" + TIMES + check + "}]")))
                .containsExactly("health_checks[0]." + error.strip());
    }

    @Test
    void whatIsNotBuiltIsRefusedByName() {
        assertThat(
                        ConfigFixture.errors(
                                compile(
                                        "health_checks: [{"
                                                + TIMES
                                                + "custom_health_check: {name: envoy.health_checkers.redis}}]")))
                .singleElement()
                .asString()
                .contains("custom_health_check")
                .contains("Redis");
        assertThat(
                        ConfigFixture.errors(
                                compile("health_checks: [{" + TIMES + "grpc_health_check: {}}]")))
                .containsExactly(
                        "health_checks[0]: a cluster must support HTTP/2 for gRPC healthchecking");
    }

    @Test
    void severalChecksHaveNamesOfTheirOwn() {
        assertThat(compile(named("a", "b")).orThrow().spec().healthChecks())
                .extracting(HealthCheckSpec::name)
                .containsExactly("a", "b");
        assertThat(compile(named("a")).orThrow().spec().healthChecks())
                .extracting(HealthCheckSpec::name)
                .containsExactly("a");
        assertThat(ConfigFixture.errors(compile(named("", "b", "b"))))
                .containsExactly(
                        "health_checks[0]: health check at index 0 is missing a name; all health checks must have a name when multiple health checks are configured",
                        "health_checks[2].name: duplicate health check name 'b' at index 2; all health check names must be unique within a cluster");
        assertThat(
                        ConfigFixture.errors(
                                compile(named("a", "b", "c", "d", "e", "f", "g", "h", "i"))))
                .singleElement()
                .asString()
                .contains("value must contain no more than 8 item(s)");
    }

    private static String named(String... names) {
        StringJoiner checks = new StringJoiner(", ", "health_checks: [", "]");
        for (String name : names) {
            checks.add("{name: '" + name + "', " + TIMES + "tcp_health_check: {}}");
        }
        return checks.toString();
    }

    @Test
    void checksThatNegotiateNeedATransportThatDoes() {
        String check =
                "health_checks: [{"
                        + TIMES
                        + "http_health_check: {path: /, use_alpn_protocol: true";
        String tls =
                ", transport_socket: {name: t, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext}}";
        var probe =
                (HealthCheckSpec.Http)
                        compile(check + "}}]" + tls)
                                .orThrow()
                                .spec()
                                .healthChecks()
                                .getFirst()
                                .probe();
        assertThat(probe.negotiates()).isTrue();
        assertThat(ConfigFixture.errors(compile(check + "}}]")))
                .containsExactly(
                        "health_checks[0].http_health_check.use_alpn_protocol: use_alpn_protocol configured for the health check of cluster a which has a non-ALPN transport socket");
        assertThat(ConfigFixture.errors(compile(check + ", codec_client_type: HTTP3}}]" + tls)))
                .containsExactly(
                        "health_checks[0].http_health_check.codec_client_type: use_alpn_protocol cannot be combined with codec_client_type HTTP3 for the health check of cluster a");
    }
}
