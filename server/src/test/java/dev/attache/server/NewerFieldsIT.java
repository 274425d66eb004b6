package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.api.Support;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.Logging;
import dev.attache.server.newer.JsonWriter;
import dev.attache.server.newer.NewerSetting;
import dev.attache.server.newer.NewerSettings;
import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that is newer than the message classes and that a configuration can set, as a file and
 * over xDS: it is taken if it is said to be honoured, refused by its name if not, and named in the
 * log if it has no effect.
 */
final class NewerFieldsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String UP =
            "{name: up, type: STATIC, connect_timeout: 1s, load_assignment: {cluster_name: up,"
                    + " endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address:"
                    + " 127.0.0.1, port_value: 1}}}}]}]}}";

    private static final String MANAGER =
            "{name: NAME, bind_to_port: false, address: {socket_address: {address: 127.0.0.1,"
                    + " port_value: 0}}, filter_chains: [{filters: [{name: h, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                    + " stat_prefix: h, ROUTES, http_filters: [{name: r, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]}";

    private static final String SECURED =
            "{name: NAME, bind_to_port: false, address: {socket_address: {address: 127.0.0.1,"
                    + " port_value: 0}}, filter_chains: [{filters: [{name: e, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}],"
                    + " transport_socket: {name: tls, typed_config: {'@type':"
                    + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,"
                    + " common_tls_context: {tls_certificate_sds_secret_configs: [SECRET]}}}}]}";

    private static final String ADS = "{ads: {}, resource_api_version: V3}";

    /** So few that what is refused of them all fits into one answer. */
    private static final int BATCH = 6;

    private static final String NUMBER_CONSTRAINT = "value must be one of the defined enum values";

    /** Where the refusal of another resource begins in an answer. */
    private static final Pattern NEXT_RESOURCE = Pattern.compile("\n|, (?=n[0-9]+x[0-9]+n: )");

    @TempDir Path directory;
    private Path log = Path.of("");
    private String certificate = "";
    private String key = "";
    private List<NewerSetting> settings = List.of();

    @BeforeEach
    void makeUp() throws IOException {
        TestCertificates.Issued identity = TestCertificates.selfSigned("CN=a");
        certificate = new String(identity.certificatePem(), StandardCharsets.UTF_8);
        key = new String(identity.keyPem(), StandardCharsets.UTF_8);
        settings = NewerSettings.all(certificate, key);
        assertThat(settings).hasSizeGreaterThan(60);
        log = directory.resolve("log.txt");
        Logging.setPath(log.toString());
    }

    @AfterEach
    void logToStandardError() throws IOException {
        Logging.setPath("");
    }

    @Test
    void asAFile() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (NewerSetting setting : settings) {
            Files.writeString(log, "");
            String refusal = start(bootstrap(setting));
            Logging.flush();
            boolean right =
                    switch (setting.expected()) {
                        case HONOURED -> refusal.isEmpty();
                        case REFUSED -> refusal.contains(setting.named());
                        case NO_EFFECT ->
                                refusal.isEmpty()
                                        && Files.readString(log).contains(setting.named());
                    };
            if (!right) {
                wrong.add(setting + " is " + setting.expected() + ", but: " + refusal);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** What is wrong with it, or nothing. */
    private static String start(Map<String, Object> bootstrap) {
        try {
            Assembly.of(
                            ServerOptions.builder()
                                    .configYaml(JsonWriter.write(bootstrap))
                                    .concurrency(1)
                                    .build())
                    .logFiles()
                    .close();
            return "";
        } catch (StartupException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static Map<String, Object> bootstrap(NewerSetting setting) {
        Map<String, Object> content = setting.content();
        if (setting.resource().equals("bootstrap")) {
            return content;
        }
        List<Object> clusters = new ArrayList<>(List.of(yaml(UP)));
        Map<String, Object> resources = new LinkedHashMap<>(Map.of("clusters", clusters));
        switch (setting.resource()) {
            case "clusters" -> clusters.add(content);
            case "endpoints" -> {
                Map<String, Object> cluster = yaml("{name: a, type: STATIC}");
                cluster.put("load_assignment", content);
                clusters.add(cluster);
            }
            case "routes" -> {
                String routes = "route_config: " + JsonWriter.write(content);
                resources.put(
                        "listeners",
                        List.of(yaml(MANAGER.replace("NAME", "a").replace("ROUTES", routes))));
            }
            case "secrets" -> {
                resources.put("secrets", List.of(content));
                String listener = SECURED.replace("NAME", "a").replace("SECRET", "{name: a}");
                resources.put("listeners", List.of(yaml(listener)));
            }
            default -> resources.put(setting.resource(), List.of(content));
        }
        return new LinkedHashMap<>(Map.of("static_resources", resources));
    }

    private static Map<String, Object> yaml(String text) {
        return NewerSettings.parse(text);
    }

    @Test
    void aNumberThatIsNoValueOfItsEnumIsRefusedWhereverItStands() {
        List<String> wrong = new ArrayList<>();
        for (NewerSetting setting : NewerSettings.numbersOfNoValue(certificate, key)) {
            String refusal = start(bootstrap(setting));
            if (!refusal.contains(setting.named()) && !refusal.contains(NUMBER_CONSTRAINT)) {
                wrong.add(setting + ": " + refusal);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void overXds() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (TestControlPlane control = new TestControlPlane();
                AttacheServer server = AttacheServer.start(options(control.port()))) {
            for (Support.Status status : Support.Status.values()) {
                List<NewerSetting> left =
                        settings.stream()
                                .filter(s -> s.expected() == status)
                                .filter(s -> !s.resource().equals("bootstrap"))
                                .toList();
                for (int from = 0; from < left.size(); from += BATCH) {
                    Map<String, NewerSetting> sent = new LinkedHashMap<>();
                    for (NewerSetting each :
                            left.subList(from, Math.min(from + BATCH, left.size()))) {
                        sent.put("n" + status.ordinal() + "x" + (from + sent.size()) + "n", each);
                    }
                    wrong.addAll(wrongOf(sent, control, server));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Sends some of them, and says which did not end as they should. */
    private List<String> wrongOf(
            Map<String, NewerSetting> sent, TestControlPlane control, AttacheServer server)
            throws Exception {
        long clusters = settled(server, "cluster_manager.cds.");
        long listeners = settled(server, "listener_manager.lds.");
        control.clear().cluster(UP);
        sent.forEach((name, setting) -> add(setting, name, control));
        control.push();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (settled(server, "cluster_manager.cds.") == clusters
                || settled(server, "listener_manager.lds.") == listeners
                || !sent.entrySet().stream()
                        .allMatch(e -> isSettled(e.getKey(), e.getValue(), server))) {
            if (System.nanoTime() > end) {
                return List.of("no verdict on " + sent.values());
            }
            Thread.sleep(5);
        }
        List<String> nacks = new ArrayList<>();
        List<String> wrong = wrong(sent, nacks);
        while (!wrong.isEmpty() && System.nanoTime() < end) {
            String nack = control.nextNack();
            if (nack == null) {
                break;
            }
            nacks.add(nack);
            wrong = wrong(sent, nacks);
        }
        return wrong;
    }

    private static boolean isSettled(String name, NewerSetting setting, AttacheServer server) {
        if (setting.expected() == Support.Status.REFUSED) {
            return true; // the answer that names it comes, or not
        }
        return switch (setting.resource()) {
            case "endpoints" -> settled(server, "cluster." + name + ".") > 0;
            case "routes" -> settled(server, "http.h.rds." + name + ".") > 0;
            case "secrets" -> settled(server, "sds." + name + ".") > 0;
            default -> true;
        };
    }

    private static long settled(AttacheServer server, String stat) {
        return Stream.of("update_success", "update_rejected")
                .mapToLong(name -> server.stats().counter(stat + name).value())
                .sum();
    }

    private List<String> wrong(Map<String, NewerSetting> sent, List<String> nacks)
            throws IOException {
        Logging.flush();
        String said = Files.readString(log);
        List<String> wrong = new ArrayList<>();
        sent.forEach((name, setting) -> {
            List<String> refusals =
                    nacks.stream()
                            .flatMap(nack -> NEXT_RESOURCE.splitAsStream(nack))
                            .filter(refusal -> refusal.contains(name))
                            .toList();
            boolean right =
                    switch (setting.expected()) {
                        case HONOURED -> refusals.isEmpty() && !said.contains(name + ": ");
                        case REFUSED ->
                                refusals.stream().anyMatch(r -> r.contains(setting.named()));
                        case NO_EFFECT -> refusals.isEmpty() && said.contains(setting.named());
                    };
            if (!right) {
                wrong.add(setting + " is " + setting.expected() + ", but: " + refusals);
            }
        });
        return wrong;
    }

    private static void add(NewerSetting setting, String name, TestControlPlane control) {
        Map<String, Object> content = new LinkedHashMap<>(setting.content());
        content.put(setting.resource().equals("endpoints") ? "cluster_name" : "name", name);
        String json = JsonWriter.write(content);
        switch (setting.resource()) {
            case "clusters" -> control.cluster(json);
            case "listeners" -> control.listener(json);
            case "endpoints" ->
                    control.cluster(
                                    "{name: %s, type: EDS, eds_cluster_config: {eds_config: %s}}"
                                            .formatted(name, ADS))
                            .endpoints(json);
            case "routes" -> {
                String rds = "rds: {route_config_name: %s, config_source: %s}".formatted(name, ADS);
                control.routes(json)
                        .listener(MANAGER.replace("NAME", "l-" + name).replace("ROUTES", rds));
            }
            case "secrets" -> {
                String secret = "{name: %s, sds_config: %s}".formatted(name, ADS);
                control.secret(TestControlPlane.read(json, Secret.getDefaultInstance()))
                        .listener(SECURED.replace("NAME", "l-" + name).replace("SECRET", secret));
            }
            default -> throw new IllegalArgumentException(setting.resource());
        }
    }

    private static ServerOptions options(int port) {
        String bootstrap =
                """
                node: {id: newer, cluster: tests}
                dynamic_resources:
                  ads_config: {api_type: GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: xds}}]}
                  cds_config: {ads: {}, resource_api_version: V3}
                  lds_config: {ads: {}, resource_api_version: V3}
                static_resources:
                  clusters:
                  - name: xds
                    type: STATIC
                    connect_timeout: 1s
                    typed_extension_protocol_options:
                      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                        explicit_http_config: {http2_protocol_options: {}}
                    load_assignment: {cluster_name: xds, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]}
                """
                        .formatted(port);
        return ServerOptions.builder().configYaml(bootstrap).concurrency(1).build();
    }
}
