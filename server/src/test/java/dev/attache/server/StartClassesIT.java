package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the start of a plain proxy loads: no descriptors of messages, nothing of gRPC or TLS,
 * nothing that its configuration does not name.
 */
class StartClassesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String BOOTSTRAP =
            """
            node: { id: start, cluster: start, metadata: { a: [b, { c: 1 }] } }
            admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
            static_resources:
              clusters:
              - name: up
                type: STATIC
                connect_timeout: 1s
                metadata: { filter_metadata: { istio: { services: [{ host: a }] } } }
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: { http2_protocol_options: {} }
                load_assignment: { cluster_name: up }
              listeners:
              - name: l
                address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
                filter_chains:
                - filters:
                  - name: hcm
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: start
                      http_filters:
                      - name: router
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes: [{ match: { prefix: / }, route: { cluster: up } }]
            """;

    /**
     * Resources of every kind that is asked for by name, as control planes and files deliver them,
     * with fields that their classes do not have.
     */
    private static final String DELIVERED =
            """
            node: { id: start, cluster: start }
            admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
            dynamic_resources:
              cds_config: { path_config_source: { path: "FOLDER/clusters.yaml" } }
              lds_config: { path_config_source: { path: "FOLDER/listeners.yaml" } }
            """;

    private static final String CLUSTERS =
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
              name: up
              type: EDS
              connect_timeout: 1s
              per_connection_buffer_high_watermark_timeout: 5s
              eds_cluster_config:
                service_name: up
                eds_config: { path_config_source: { path: "FOLDER/endpoints.yaml" } }
            """;

    private static final String ENDPOINTS =
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment
              cluster_name: up
              endpoints:
              - lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: 1 } } } }]
            """;

    private static final String LISTENERS =
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
              name: l
              address: { socket_address: { address: 127.0.0.1, port_value: 0 } }
              per_connection_buffer_high_watermark_timeout: 5s
              tcp_keepalive: { keepalive_time: 30 }
              filter_chains:
              - filter_chain_match: { transport_protocol: tls }
                transport_socket:
                  name: tls
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                    common_tls_context:
                      combined_validation_context:
                        default_validation_context: { trusted_ca: { inline_string: "" } }
                        validation_context_sds_secret_config:
                          name: trust
                          sds_config: { path_config_source: { path: "FOLDER/secrets.yaml" }, initial_fetch_timeout: 0.1s }
                      tls_certificate_sds_secret_configs:
                      - name: own
                        sds_config: { path_config_source: { path: "FOLDER/secrets.yaml" }, initial_fetch_timeout: 0.1s }
                filters: &filters
                - name: hcm
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: start
                    http_filters:
                    - name: router
                      typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                    rds:
                      route_config_name: routes
                      config_source: { path_config_source: { path: "FOLDER/routes.yaml" } }
              - filters: *filters
            """;

    private static final String ROUTES =
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
              name: routes
              virtual_hosts:
              - name: all
                domains: ["*"]
                routes: [{ match: { prefix: /, cookies: [{ name: a, string_match: { exact: b } }] }, route: { cluster: up } }]
            """;

    @TempDir private Path folder;

    @Test
    void nothingOfWhatItDoesNotNeed() throws Exception {
        List<String> classes = loadedUntilLive(BOOTSTRAP);
        assertThat(classes)
                .contains("dev.attache.server.Attache", "io.envoyproxy.envoy.config.core.v3.Node");
        assertNoDescriptors(classes);
        assertThat(classes)
                .as("what is loaded when it is first named")
                .noneMatch(name -> name.startsWith("dev.attache.filters.access_loggers."))
                .noneMatch(name -> name.startsWith("dev.attache.filters.cel."))
                .noneMatch(name -> name.startsWith("dev.attache.filters.matching."))
                .noneMatch(name -> name.startsWith("dev.attache.filters.opentelemetry."))
                .noneMatch(name -> name.startsWith("dev.attache.filters.rbac."))
                .noneMatch(name -> name.startsWith("dev.attache.filters.stat_sinks."))
                .noneMatch(name -> name.startsWith("dev.attache.filters.tracers."))
                .noneMatch(name -> name.startsWith("dev.attache.config.matching.MatchTrees"))
                .noneMatch(name -> name.startsWith("dev.attache.proxy.matching.MatchTree"))
                .noneMatch(name -> name.startsWith("dev.attache.proxy.sink."))
                .noneMatch(name -> name.startsWith("dev.attache.proxy.tracing."))
                .noneMatch(name -> name.startsWith("io.opentelemetry."))
                .noneMatch(name -> name.endsWith(".userspace.UserSpaceChannel"));
        assertThat(classes)
                .as("what is loaded when it is first used")
                .noneMatch(name -> name.startsWith("io.grpc."))
                .noneMatch(name -> name.startsWith("io.netty.handler.ssl."))
                .noneMatch(name -> name.startsWith("io.netty.internal.tcnative."))
                .noneMatch(name -> name.startsWith("javax.net.ssl."))
                .noneMatch(name -> name.equals("java.security.cert.CertificateFactory"));
    }

    @Test
    void noDescriptorsForResourcesThatAreDelivered() throws Exception {
        write("clusters.yaml", CLUSTERS);
        write("endpoints.yaml", ENDPOINTS);
        write("listeners.yaml", LISTENERS);
        write("routes.yaml", ROUTES);
        write("secrets.yaml", "resources: []");
        List<String> classes = loadedUntilLive(DELIVERED);
        assertThat(classes)
                .contains(
                        "io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment",
                        "io.envoyproxy.envoy.config.route.v3.RouteConfiguration",
                        "io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig");
        assertNoDescriptors(classes);
    }

    /**
     * The JDK makes a class of each switch over types when it is first reached, half a millisecond
     * of a cold process for each, and no AOT cache keeps it.
     */
    @Test
    void noSwitchesOverTypesUntilTheFirstAnswer() throws Exception {
        HttpServer upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        upstream.createContext("/", exchange -> exchange.sendResponseHeaders(200, -1));
        upstream.start();
        try {
            String endpoint =
                    "{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } } }] }"
                            .formatted(upstream.getAddress().getPort());
            List<String> classes =
                    loadedUntil(
                            BOOTSTRAP
                                    .replace("http2_protocol_options", "http_protocol_options")
                                    .replace(
                                            "cluster_name: up }",
                                            "cluster_name: up, endpoints: [" + endpoint + "] }"),
                            this::askThroughListener);
            assertThat(classes)
                    .contains("dev.attache.proxy.router.Router")
                    .filteredOn(name -> name.contains("$$TypeSwitch"))
                    .filteredOn(name -> !name.startsWith("dev.attache.server.admin."))
                    .as("say it with instanceof")
                    .isEmpty();
        } finally {
            upstream.stop(0);
        }
    }

    private void askThroughListener(HttpClient client, Path admin) throws Exception {
        String listeners = get(client, "http://" + Files.readString(admin).strip() + "/listeners");
        String address = listeners.substring(listeners.indexOf("::") + 2).strip();
        assertThat(get(client, "http://" + address + "/")).isEmpty();
    }

    private static String get(HttpClient client, String uri) throws Exception {
        HttpResponse<String> response =
                client.send(
                        HttpRequest.newBuilder(URI.create(uri)).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static void assertNoDescriptors(List<String> classes) {
        assertThat(classes)
                .as("descriptors; these classes are initialised to build any")
                .noneMatch(name -> name.startsWith("com.google.protobuf.DescriptorProtos"))
                .noneMatch(name -> name.startsWith("io.envoyproxy.") && name.endsWith("Proto"));
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text.replace("FOLDER", folder.toString()));
    }

    private List<String> loadedUntilLive(String configuration) throws Exception {
        return loadedUntil(configuration, (client, admin) -> {});
    }

    /** What is done once the proxy is live. */
    private interface Step {
        void take(HttpClient client, Path admin) throws Exception;
    }

    private List<String> loadedUntil(String configuration, Step step) throws Exception {
        Path bootstrap = write("bootstrap.yaml", configuration);
        Path admin = folder.resolve("admin");
        Path log = folder.resolve("classes");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load:file=" + log + ":none:filecount=0",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.attache.server.Attache",
                                "-c",
                                bootstrap.toString(),
                                "--admin-address-path",
                                admin.toString(),
                                "--concurrency",
                                "1")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output").toFile())
                        .start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            awaitLive(process, client, admin);
            step.take(client, admin);
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        return Files.readAllLines(log).stream().map(StartClassesIT::className).toList();
    }

    /** The first word of a line; where it was loaded from follows. */
    private static String className(String line) {
        int end = line.indexOf(' ');
        return end < 0 ? line : line.substring(0, end);
    }

    private void awaitLive(Process process, HttpClient client, Path admin) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!isLive(client, admin)) {
            assertThat(process.isAlive() && System.nanoTime() < end)
                    .as("started: %s", Files.readString(folder.resolve("output")))
                    .isTrue();
            Thread.sleep(20);
        }
    }

    private static boolean isLive(HttpClient client, Path admin) throws Exception {
        if (!Files.exists(admin) || Files.size(admin) == 0) {
            return false;
        }
        URI ready = URI.create("http://" + Files.readString(admin).strip() + "/ready");
        return client.send(
                                HttpRequest.newBuilder(ready).build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }
}
