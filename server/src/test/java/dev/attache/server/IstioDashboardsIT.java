package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.attache.conformance.DashboardExpressions;
import dev.attache.conformance.PrometheusPeer;
import dev.attache.server.admin.stats.StatsPages;
import dev.attache.server.admin.stats.TagRules;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sidecars with Istio's stock filters, scraped by a real Prometheus: what Istio's own
 * dashboards and Kiali ask returns something. The real Envoy at hand is built without Istio's
 * filters; what these return there is Istio's definition of its metrics. Passed over where
 * Prometheus is not installed.
 */
@Tag("conformance")
final class IstioDashboardsIT {

    private static final String MUTUAL = "connection_security_policy=\"mutual_tls\"";
    private static final String CLEAR = "connection_security_policy!=\"mutual_tls\"";
    private static final String NO_PRINCIPAL = "destination_principal!~\"spiffe";
    private static final String PRINCIPAL = "destination_principal=~\"spiffe";

    @TempDir private static Path directory;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static PrometheusPeer prometheus;

    @BeforeAll
    static void play() throws Exception {
        assumeTrue(PrometheusPeer.installed(), "no Prometheus: run .ci/peers/packages.sh");
        EchoService application = new EchoService();
        OPEN.add(application::close);
        IstioSidecars sidecars = new IstioSidecars(application.port());
        OPEN.add(sidecars);
        Map<String, Integer> targets = new LinkedHashMap<>();
        targets.put("calling", served(sidecars.calling()));
        targets.put("called", served(sidecars.called()));
        prometheus = PrometheusPeer.start(directory, targets);
        OPEN.add(prometheus);
        traffic(sidecars, "count(count_over_time(istio_tcp_sent_bytes_total[1m]) >= 2) >= 2");
        await("count(count_over_time(istio_requests_total[1m]) >= 2) >= 4");
        traffic(sidecars, "count(increase(istio_tcp_sent_bytes_total[1m]) > 0) >= 2");
        await("count(increase(istio_requests_total[1m]) > 0) >= 4");
        await("count(increase(istio_tcp_connections_closed_total[1m]) > 0) >= 2");
    }

    private static void await(String expression) throws InterruptedException {
        assertThat(prometheus.eventually(expression)).as(expression).isTrue();
    }

    /**
     * @param told true of the TCP connection while it is open: its ends know each other by then
     */
    private static void traffic(IstioSidecars sidecars, String told) throws Exception {
        try (EchoService.Client client = new EchoService.Client(sidecars.outbound())) {
            assertThat(client.unary("hello")).isEqualTo("hello");
        }
        try (Http1Session session = new Http1Session(sidecars.outbound())) {
            assertThat(session.get("/missing").status()).isEqualTo(415);
        }
        try (TcpExchange exchange = new TcpExchange(sidecars.outboundTcp())) {
            assertThat(exchange.say("twelve bytes", 12)).hasSize(12);
            await(told);
        }
    }

    /** What an admin port would serve, of a proxy that has none. */
    private static int served(AttacheServer server) throws Exception {
        StatsPages pages =
                new StatsPages(
                        server.stats(),
                        TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                        server.histogramBuckets());
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(
                "/stats/prometheus",
                exchange -> {
                    byte[] body =
                            pages.prometheus(Map.of()).body().getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("content-type", "text/plain; version=0.0.4");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        http.start();
        OPEN.add(() -> http.stop(0));
        return http.getAddress().getPort();
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPEN.reversed()) {
            each.close();
        }
        OPEN.clear();
    }

    @Test
    void istiosDashboardsShowSomething() throws Exception {
        List<String> empty = new ArrayList<>();
        for (String expression : DashboardExpressions.of("istio")) {
            String asked = ofAnotherMesh(expression) ? turned(expression) : expression;
            if (prometheus.query(asked).isEmpty()) {
                empty.add(asked);
            }
        }
        assertThat(empty).isEmpty();
    }

    /**
     * Asks for calls that came in the clear, or for a policy that Istio has only who is called
     * tell: these two have neither.
     */
    private static boolean ofAnotherMesh(String expression) {
        return (expression.contains("reporter=\"destination\"") && expression.contains(CLEAR))
                || (expression.contains("reporter=\"source\"") && expression.contains(MUTUAL))
                || expression.contains(NO_PRINCIPAL);
    }

    /** The same question the other way round. */
    private static String turned(String expression) {
        return expression.contains(CLEAR)
                ? expression.replace(CLEAR, MUTUAL)
                : expression.replace(MUTUAL, CLEAR).replace(NO_PRINCIPAL, PRINCIPAL);
    }

    /** Grouped by all that Kiali asks for, no label is without a value. */
    @Test
    void kialiFindsItsLabels() throws Exception {
        List<String> missing = new ArrayList<>();
        List<Object[]> questions = DashboardQueries.all().map(each -> each.get()).toList();
        for (Object[] question : questions) {
            @SuppressWarnings("unchecked")
            Set<String> labels = new TreeSet<>((Set<String>) question[1]);
            String metric = (String) question[0];
            String expression =
                    "sum by (%s) (rate(%s[1m]))"
                            .formatted(labels.stream().collect(Collectors.joining(",")), metric);
            List<PrometheusPeer.Series> found = prometheus.query(expression);
            labels.remove("grpc_response_status");
            if (found.isEmpty()
                    || !found.stream()
                            .allMatch(each -> each.labels().keySet().containsAll(labels))) {
                missing.add(expression + ": " + found);
            }
        }
        assertThat(missing).isEmpty();
    }
}
