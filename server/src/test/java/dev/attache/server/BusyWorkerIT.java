package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.flags.ServerOptions;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on while every worker is busy with something else. */
class BusyWorkerIT {

    private static final String BOOTSTRAP =
            """
            node: {id: node-1, cluster: demo}
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            dynamic_resources:
              lds_config: {path_config_source: {path: "%s"}, resource_api_version: V3}
              cds_config: {path_config_source: {path: "%s"}, resource_api_version: V3}
            """;

    private static final String LISTENER =
            """
            version_info: "%1$s"
            resources:
            - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
              name: ingress
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              filter_chains:
              - filters:
                - name: http
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: in
                    route_config:
                      virtual_hosts:
                      - name: all
                        domains: ["*"]
                        routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: "v%1$s"}}}]
                    http_filters:
                    %2$s
                    - name: router
                      typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """;

    /** Opened by {@link UnopenableFilter}. */
    private static final String UNOPENABLE =
            "- {name: my-filter, typed_config: {\"@type\":"
                    + " type.googleapis.com/google.protobuf.Duration}}";

    private static final String CLUSTERS =
            """
            version_info: "%1$s"
            resources:
            - "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
              name: c%1$s
            """;

    @TempDir private Path dir;
    private final CountDownLatch release = new CountDownLatch(1);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AttacheServer server;

    @BeforeEach
    void start() throws Exception {
        listeners("1", "");
        clusters("1");
        server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(
                                        BOOTSTRAP.formatted(
                                                dir.resolve("lds.yaml"), dir.resolve("cds.yaml")))
                                .concurrency(2)
                                .drainTime(Duration.ofSeconds(1))
                                .build());
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
    }

    @AfterEach
    void end() {
        release.countDown();
        client.close();
        server.close();
    }

    private void listeners(String version, String filter) throws IOException {
        move("lds.yaml", LISTENER.formatted(version, filter));
    }

    private void clusters(String version) throws IOException {
        move("cds.yaml", CLUSTERS.formatted(version));
    }

    private void move(String name, String text) throws IOException {
        Path next = Files.writeString(dir.resolve(name + ".next"), text);
        Files.move(next, dir.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private HttpResponse<String> ask(Object authority, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + authority + path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String served() throws Exception {
        IpAddress at = (IpAddress) server.listenerAddresses().get("ingress").getFirst();
        return ask(at, "/").body();
    }

    private long counter(String name) {
        return server.stats().counter(name).value();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private void blockWorkers() throws Exception {
        CountDownLatch blocked = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            EventLoop loop = server.engine().workers().get(i).eventLoop();
            loop.execute(() -> {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        blocked.await();
    }

    @Test
    void adminAnswersAndUpdatesAreTakenWhileEveryWorkerIsBusy() throws Exception {
        assertThat(served()).isEqualTo("v1");
        blockWorkers();
        long lds = counter("listener_manager.lds.update_success");
        listeners("2", "");
        await(() -> counter("listener_manager.lds.update_success") > lds);
        long cds = counter("cluster_manager.cds.update_success");
        clusters("2");
        await(() -> counter("cluster_manager.cds.update_success") > cds);
        Object admin = server.adminAddress();
        for (String page :
                List.of(
                        "/",
                        "/certs",
                        "/clusters",
                        "/clusters?format=json",
                        "/config_dump",
                        "/help",
                        "/init_dump",
                        "/listeners",
                        "/listeners?format=json",
                        "/memory",
                        "/ready",
                        "/runtime",
                        "/server_info",
                        "/stats",
                        "/stats?format=json",
                        "/stats/prometheus")) {
            assertThat(ask(admin, page).statusCode()).as(page).isEqualTo(200);
        }
        assertThat(ask(admin, "/clusters").body()).contains("c2::");
        // The workers have the old version still, as Envoy's have while they are busy.
        assertThat(server.engine().snapshot().listeners()).containsKey("ingress");
        release.countDown();
        await(() -> served().equals("v2"));
    }

    @Test
    void aListenerWhoseFilterCannotBeOpenedLeavesTheOldOneServing() throws Exception {
        assertThat(served()).isEqualTo("v1");
        listeners("2", UNOPENABLE);
        await(() -> counter("listener_manager.listener_create_failure") == 1);
        String dump = ask(server.adminAddress(), "/config_dump").body();
        assertThat(dump)
                .contains("error_state")
                .contains("filter 'my-filter' cannot be opened: java.lang.NoClassDefFoundError");
        for (int i = 0; i < 10; i++) {
            assertThat(served()).isEqualTo("v1");
        }
        listeners("3", "");
        await(() -> served().equals("v3"));
        assertThat(counter("listener_manager.listener_create_failure")).isOne();
    }

    @Test
    void aFilterThatCannotBeOpenedIsAnErrorOfTheStartWhereTheListenerIsStatic() throws Exception {
        String bootstrap =
                "static_resources:\n  listeners:\n"
                        + LISTENER.formatted("1", UNOPENABLE)
                                .lines()
                                .skip(2)
                                .map(line -> "  " + line + "\n")
                                .reduce("", String::concat)
                                .replaceFirst("\"@type\": \\S*Listener\n\\s*", "");
        AttacheServer failing =
                AttacheServer.start(ServerOptions.builder().configYaml(bootstrap).build());
        try {
            assertThat(failing.awaitLive(Duration.ofSeconds(30))).isFalse();
            assertThat(failing.lifecycle().failure())
                    .startsWith("error adding listener 'ingress': filter 'my-filter' cannot be");
        } finally {
            failing.close();
        }
    }
}
