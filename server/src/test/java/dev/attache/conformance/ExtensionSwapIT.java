package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.testkit.UserJar;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * New versions of a user's jar while requests run: a filter with settings on its route, which come
 * by RDS. {@code bench/swap.py} does the same two hundred times.
 */
@Tag("conformance")
final class ExtensionSwapIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SWAPS = 12;

    private static final String FILTER =
            """
            package com.example.swap;

            import com.google.protobuf.Struct;
            import dev.attache.config.Compiled;
            import dev.attache.config.extension.*;
            import dev.attache.proxy.http.*;
            import dev.attache.proxy.pipeline.*;

            public final class Swap implements ExtensionFactory<Struct, HttpFilterSpec> {
                static final String VERSION = "%s";

                public record OfRoute(String version) {}

                public static final class Route implements ExtensionFactory<Struct, OfRoute> {
                    public ExtensionKey key() {
                        return new ExtensionKey(
                                ExtensionCategory.HTTP_FILTER_OVERRIDE, "com.example.swap.route");
                    }
                    public String name() { return "com.example.swap"; }
                    public Struct prototype() { return Struct.getDefaultInstance(); }
                    public Compiled<OfRoute> compile(Struct settings, CompileContext context) {
                        return context.result(new OfRoute(VERSION));
                    }
                }

                public ExtensionKey key() {
                    return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.swap");
                }
                public String name() { return "com.example.swap"; }
                public Struct prototype() { return Struct.getDefaultInstance(); }
                public Compiled<HttpFilterSpec> compile(Struct settings, CompileContext context) {
                    if (VERSION.startsWith("bad")) {
                        context.at("text").error("not with this version");
                    }
                    return context.result(scope -> () -> new HttpFilter() {
                        public Step onResponseHeaders(
                                Headers headers, boolean end, FilterContext context) {
                            OfRoute route = context.override(OfRoute.class);
                            headers.set(HeaderName.of("x-version"), VERSION);
                            headers.set(
                                    HeaderName.of("x-route"),
                                    route == null ? "none" : route.version());
                            return Step.CONTINUE;
                        }
                    });
                }
            }
            """;

    private static final String CONFIG =
            """
            node: {id: swap, cluster: swap}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
            static_resources:
              clusters:
              - name: slow
                type: STATIC
                load_assignment:
                  cluster_name: slow
                  endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}}]}]
              listeners:
              - name: main
                address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                filter_chains:
                - filters:
                  - name: hcm
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: main
                      rds: {route_config_name: routes, config_source: {path_config_source: {path: "%s"}}}
                      http_filters:
                      - name: swap
                        typed_config: {"@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: x/com.example.swap, value: {text: a}}
                      - name: router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """;

    private static final String ROUTES =
            """
            version_info: "1"
            resources:
            - "@type": type.googleapis.com/envoy.config.route.v3.RouteConfiguration
              name: routes
              virtual_hosts:
              - name: all
                domains: ["*"]
                routes: [{match: {prefix: /}, route: {cluster: slow}}]
                typed_per_filter_config:
                  swap: {"@type": type.googleapis.com/xds.type.v3.TypedStruct, type_url: x/com.example.swap.route, value: {}}
            """;

    @TempDir Path directory;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger requests = new AtomicInteger();
    private final int listener = Ports.free();
    private volatile CompletableFuture<Boolean> held = new CompletableFuture<>();
    private volatile CompletableFuture<Boolean> arrived = new CompletableFuture<>();
    private HttpServer upstream;

    @BeforeEach
    void startUpstream() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        // What is under way at a swap ends when the test says so.
        upstream.createContext(
                "/",
                exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/held")) {
                        arrived.complete(true);
                        held.join();
                    }
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        upstream.start();
    }

    @AfterEach
    void stopUpstream() {
        stopped.set(true);
        held.complete(true);
        upstream.stop(0);
    }

    @Test
    void streamsEndOnTheOldVersionNewOnesHaveTheNewAndTheOldIsCollected() throws Exception {
        int admin = Ports.free();
        Path jar = directory.resolve("extensions/swap.jar");
        jar("v0").write(jar);
        Path routes = Files.writeString(directory.resolve("rds.yaml"), ROUTES);
        Path config =
                Files.writeString(
                        directory.resolve("envoy.yaml"),
                        CONFIG.formatted(admin, upstream.getAddress().getPort(), listener, routes));
        try (ProxyProcess proxy =
                        ProxyProcess.start(
                                Peers.subject(),
                                config,
                                directory,
                                admin,
                                List.of("--drain-time-s", "5"),
                                Map.of("ATTACHE_EXTENSIONS", jar.getParent().toString()));
                HttpClient client = HttpClient.newHttpClient()) {
            List<Thread> clients = clients(client);
            for (int i = 1; i <= SWAPS; i++) {
                swap(proxy, client, jar, i);
            }
            refuse(proxy, jar);
            await("loaders of old versions are gone", () -> old(proxy) == 0);
            remove(proxy, jar);
            stopped.set(true);
            for (Thread each : clients) {
                each.join();
            }
            assertThat(failures).isEmpty();
            assertThat(requests.get()).isPositive();
        }
    }

    private void swap(ProxyProcess proxy, HttpClient client, Path jar, int i) throws Exception {
        held = new CompletableFuture<>();
        arrived = new CompletableFuture<>();
        var underWay = client.sendAsync(request("/held"), HttpResponse.BodyHandlers.ofString());
        arrived.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        jar("v" + i).write(jar);
        // Every other one is found without being told of.
        if (i % 2 == 0) {
            assertThat(proxy.admin("POST", "/extensions/reload").body()).contains("swap.jar");
        }
        String version = "v" + i;
        await(version + " is in use", () -> version.equals(versionOfANewConnection()));
        held.complete(true);
        check(underWay.get());
        // Its connection may be one that drains since an earlier swap.
        assertThat(underWay.get().headers().firstValue("x-version")).isPresent();
        assertThat(underWay.get().headers().firstValue("x-version")).get().isNotEqualTo(version);
    }

    private void refuse(ProxyProcess proxy, Path jar) throws Exception {
        jar("bad").write(jar);
        await("it is refused", () -> extensions(proxy).contains("\"state\": \"refused\""));
        assertThat(extensions(proxy))
                .contains("does not suit listener 'main'", "not with this version")
                .contains("\"generation\": " + (SWAPS + 1));
        Files.writeString(jar, "half of a jar");
        await("it is refused", () -> extensions(proxy).contains("is no whole jar"));
        assertThat(versionOfANewConnection()).isEqualTo("v" + SWAPS);
    }

    /** While the version before still drains: that one goes all the same. */
    private void remove(ProxyProcess proxy, Path jar) throws Exception {
        jar("last").write(jar);
        await("the last one is in use", () -> "last".equals(versionOfANewConnection()));
        Files.delete(jar);
        await("it is gone", () -> extensions(proxy).contains("\"state\": \"removed\""));
        await("only what is in use is left", () -> old(proxy) == 1);
        assertThat(versionOfANewConnection()).isEqualTo("last");
        assertThat(proxy.log()).contains("swap.jar is gone", "listener 'main'");
    }

    private static UserJar jar(String version) {
        return new UserJar()
                .source("com.example.swap.Swap", FILTER.formatted(version))
                .service(
                        ExtensionFactory.class,
                        "com.example.swap.Swap",
                        "com.example.swap.Swap$Route");
    }

    private List<Thread> clients(HttpClient client) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!stopped.get()) {
                                    version(client);
                                    requests.incrementAndGet();
                                }
                            }));
        }
        return threads;
    }

    private String versionOfANewConnection() {
        try (HttpClient fresh = HttpClient.newHttpClient()) {
            return version(fresh);
        }
    }

    /** Which version answers now; what is wrong with the answer is noted. */
    private String version(HttpClient client) {
        try {
            HttpResponse<String> answer =
                    client.send(request("/"), HttpResponse.BodyHandlers.ofString());
            check(answer);
            return answer.headers().firstValue("x-version").orElse("");
        } catch (IOException e) {
            failures.add(e.toString());
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener + path))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    private void check(HttpResponse<String> answer) {
        var headers = answer.headers();
        if (answer.statusCode() != 200) {
            failures.add("status " + answer.statusCode());
        } else if (!headers.firstValue("x-version").equals(headers.firstValue("x-route"))) {
            failures.add("versions mixed: " + headers.map());
        }
    }

    private static String extensions(ProxyProcess proxy) {
        try {
            return proxy.admin("GET", "/extensions").body();
        } catch (IOException | InterruptedException e) {
            return "";
        }
    }

    /** How many loadings are left after a collection, beside the one that serves. */
    private static int old(ProxyProcess proxy) {
        try {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            new ProcessBuilder(jcmd.toString(), Long.toString(proxy.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            return -1;
        }
        String page = extensions(proxy);
        Matcher number = Pattern.compile("\"old_generations\": (\\d+)").matcher(page);
        return number.find() ? Integer.parseInt(number.group(1)) : -1;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
