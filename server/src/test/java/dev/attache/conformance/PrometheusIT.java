package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real Prometheus for this proxy and one for the real Envoy, both with the same configuration,
 * clients and trouble: dashboards show something, alerts are quiet while all is well and go off
 * where it is not, and what others' dashboards ask returns the same series of both. Passed over
 * where Prometheus is not installed.
 */
@Tag("conformance")
final class PrometheusIT {

    /** Three scrapes, so that there is a rate. */
    private static final String SEEN = "count_over_time(envoy_server_live[1m]) >= 3";

    private static final String SEEN_AGAIN =
            "increase(envoy_cluster_upstream_rq_total{envoy_cluster_name=\"failing\"}[1m]) > 0"
                    + " and on (instance) envoy_server_live == 0"
                    + " and on (instance) envoy_control_plane_connected_state == 0";

    /** A loaded machine makes a loop wait, too. */
    private static final Set<String> NOT_JUDGED_IN_HEALTH = Set.of("AttacheLoopBlocked");

    /** What a test does not make: promtool's tests show that they go off. */
    private static final Set<String> NOT_MADE =
            Set.of(
                    "AttacheRestarts",
                    "AttacheShedsPeers",
                    "AttachePeersHoldMuch",
                    "AttacheHeapFull",
                    "AttacheCollects",
                    "AttacheFilesNearLimit");

    /** Names that Envoy has nothing to say to. */
    private static final String OWN = "envoy_server_(process|jvm)_|envoy_overload_worker_";

    @TempDir private static Path directory;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final Map<String, Integer> ALERTS_IN_HEALTH = new TreeMap<>();
    private static PrometheusPeer ours;
    private static PrometheusPeer envoys;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(PrometheusPeer.installed(), "no Prometheus: run .ci/peers/packages.sh");
        Certificates certificates =
                new Certificates(Files.createDirectories(directory.resolve("keys")));
        Map<String, String> places = upstreams(certificates);
        WatchedProxy attache = proxy("attache", Peers.subject(), places, certificates);
        WatchedProxy envoy = proxy("envoy", Peers.envoy(), places, certificates);
        ours = prometheus("ours", attache);
        envoys = prometheus("envoys", envoy);
        for (WatchedProxy each : List.of(attache, envoy)) {
            each.traffic();
        }
        await(SEEN);
        for (WatchedProxy each : List.of(attache, envoy)) {
            each.traffic();
        }
        for (Map.Entry<String, String> alert : DashboardExpressions.alerts().entrySet()) {
            ALERTS_IN_HEALTH.put(alert.getKey(), ours.query(alert.getValue()).size());
        }
        for (WatchedProxy each : List.of(attache, envoy)) {
            each.trouble();
            each.troubledTraffic();
        }
        await("envoy_cluster_upstream_rq_total{envoy_cluster_name=\"failing\"}");
        for (WatchedProxy each : List.of(attache, envoy)) {
            each.troubledTraffic();
            each.abandon();
        }
        await(SEEN_AGAIN);
    }

    private static void await(String expression) throws InterruptedException, IOException {
        for (PrometheusPeer each : List.of(ours, envoys)) {
            assertThat(each.eventually(expression)).as(expression).isTrue();
        }
    }

    private static Map<String, String> upstreams(Certificates certificates) throws Exception {
        Map<String, String> places = new LinkedHashMap<>();
        Upstream app = upstream("app", Map.of("hosts", 2), certificates);
        places.put("app.0", String.valueOf(app.port(0)));
        places.put("app.1", String.valueOf(app.port(1)));
        Upstream secure =
                upstream("secure", Map.of("tls", Map.of("cert", "upstream")), certificates);
        places.put("secure", String.valueOf(secure.port(0)));
        Upstream failing =
                upstream(
                        "failing", Map.of("respond", List.of(Map.of("status", 503))), certificates);
        places.put("failing", String.valueOf(failing.port(0)));
        ServerSocket silent = new ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress());
        OPEN.add(silent);
        places.put("silent", String.valueOf(silent.getLocalPort()));
        places.put("closed", String.valueOf(Ports.free()));
        for (String name : List.of("server", "client", "soon", "expired", "ca")) {
            places.put("cert." + name, certificates.chain(name).toString());
            places.put("key." + name, certificates.key(name).toString());
        }
        return places;
    }

    private static Upstream upstream(String name, Map<String, Object> spec, Certificates keys)
            throws Exception {
        Upstream upstream = new Upstream(name, spec, keys, new Normaliser());
        OPEN.add(upstream);
        return upstream;
    }

    private static WatchedProxy proxy(
            String name, Path binary, Map<String, String> places, Certificates certificates)
            throws Exception {
        Path work = Files.createDirectories(directory.resolve(name));
        WatchedProxy proxy = new WatchedProxy(work, places, new Connector(certificates));
        OPEN.add(proxy);
        proxy.start(binary, work);
        return proxy;
    }

    private static PrometheusPeer prometheus(String name, WatchedProxy proxy) throws Exception {
        PrometheusPeer peer =
                PrometheusPeer.start(directory.resolve(name), Map.of("proxy", proxy.port("admin")));
        OPEN.add(peer);
        return peer;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPEN.reversed()) {
            each.close();
        }
        OPEN.clear();
    }

    @Test
    void everyPanelShowsSomething() throws Exception {
        List<String> empty = new ArrayList<>();
        for (Map.Entry<String, List<String>> panel : DashboardExpressions.ours().entrySet()) {
            for (String expression : panel.getValue()) {
                if (ours.query(expression).isEmpty()) {
                    empty.add(panel.getKey() + ": " + expression);
                }
            }
        }
        assertThat(empty).isEmpty();
    }

    @Test
    void ourPanelsShowTheSameOfEnvoyWhereItHasTheNames() throws Exception {
        List<String> common =
                DashboardExpressions.ours().values().stream()
                        .flatMap(List::stream)
                        .filter(each -> !java.util.regex.Pattern.compile(OWN).matcher(each).find())
                        .toList();
        assertThat(differences(common)).isEmpty();
    }

    /** What the dashboards of these ask. */
    @ParameterizedTest
    @ValueSource(strings = {"envoy-gateway", "kiali", "kuma"})
    void othersDashboardsShowTheSameOfBoth(String list) throws Exception {
        assertThat(differences(DashboardExpressions.of(list))).isEmpty();
    }

    private static List<String> differences(List<String> expressions) throws IOException {
        List<String> all = new ArrayList<>();
        for (String expression : expressions) {
            Set<String> here = series(ours, expression);
            Set<String> there = series(envoys, expression);
            if (expression.contains("upstream_rq_xx")) {
                // Whether the control plane that has gone was tried by now, and failed, is chance.
                for (Set<String> each : List.of(here, there)) {
                    each.removeIf(labels -> labels.contains("envoy_cluster_name=xds"));
                }
            }
            if (!here.equals(there)) {
                all.add("%s%n  - %s%n  + %s".formatted(expression, there, here));
            }
        }
        return all;
    }

    private static Set<String> series(PrometheusPeer peer, String expression) throws IOException {
        Set<String> all = new TreeSet<>();
        for (PrometheusPeer.Series each : peer.query(expression)) {
            all.add(each.labels().toString());
        }
        return all;
    }

    @Test
    void alertsAreQuietWhileAllIsWell() {
        Map<String, Integer> loud = new TreeMap<>(ALERTS_IN_HEALTH);
        loud.keySet().removeAll(NOT_JUDGED_IN_HEALTH);
        loud.values().removeIf(number -> number == 0);
        assertThat(loud).isEmpty();
    }

    @Test
    void alertsGoOffWhereThereIsTrouble() throws Exception {
        List<String> quiet = new ArrayList<>();
        for (Map.Entry<String, String> alert : DashboardExpressions.alerts().entrySet()) {
            if (!NOT_MADE.contains(alert.getKey()) && ours.query(alert.getValue()).isEmpty()) {
                quiet.add(alert.getKey());
            }
            for (String selector : DashboardExpressions.selectors(alert.getValue())) {
                if (ours.query(selector).isEmpty()) {
                    quiet.add(alert.getKey() + ": " + selector);
                }
            }
        }
        assertThat(quiet).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check rules alerts.yaml",
                "test rules alerts-test.yaml alerts-certificates-test.yaml"
            })
    void promtoolHasNothingAgainstTheRules(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(PrometheusPeer.TOOL.toString()));
        command.addAll(List.of(arguments.split(" ")));
        Process tool =
                new ProcessBuilder(command)
                        .directory(DashboardExpressions.directory().toFile())
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(
                        tool.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(tool.waitFor()).as(said).isZero();
    }
}
