package dev.attache.server.review.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.AdminOptions;
import dev.attache.server.flags.ServerOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy that serves is asked what configurations would change, and goes on as it was. */
final class DryRunTest {

    private static final String MANAGER =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private static final String WEB =
            """
            resources:
            - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
              name: web
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              filter_chains:
              - name: all
                filters:
                - name: hcm
                  typed_config:
                    "@type": MANAGER
                    stat_prefix: web
                    route_config: {virtual_hosts: [{name: v, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: goods}}]}]}
                    http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
            """
                    .replace("MANAGER", MANAGER);

    private static final String GOODS =
            """
            "@type": type.googleapis.com/envoy.config.cluster.v3.Cluster
            name: goods
            type: STATIC
            load_assignment: {cluster_name: goods}
            """;

    @TempDir Path directory;

    private @Nullable AttacheServer server;

    @BeforeEach
    void start() throws Exception {
        start(AdminOptions.OPEN);
    }

    private void start(AdminOptions admin) throws Exception {
        Path listeners = Files.writeString(directory.resolve("lds.yaml"), WEB);
        Path clusters =
                Files.writeString(
                        directory.resolve("cds.yaml"),
                        "resources:\n-\n  " + GOODS.strip().replace("\n", "\n  ") + "\n");
        server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(bootstrap(listeners, clusters))
                                .concurrency(1)
                                .admin(admin)
                                .build());
        assertThat(server.awaitLive(Duration.ofSeconds(20))).isTrue();
    }

    private static String bootstrap(Path listeners, Path clusters) {
        return """
        node: {id: node, cluster: tests}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        dynamic_resources:
          lds_config: {resource_api_version: V3, path_config_source: {path: "%s"}}
          cds_config: {resource_api_version: V3, path_config_source: {path: "%s"}}
        """
                .formatted(listeners, clusters);
    }

    @AfterEach
    void close() {
        running().close();
    }

    private AttacheServer running() {
        AttacheServer started = server;
        if (started == null) {
            throw new IllegalStateException("it did not start");
        }
        return started;
    }

    private HttpResponse<String> ask(String query, String body)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://"
                                                    + running().adminAddress()
                                                    + "/config_dry_run?format=text&"
                                                    + query))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private String said(String query, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(query, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void whatIsThereChangesNothing() throws Exception {
        assertThat(said("", WEB))
                .contains("result: accepted", "listeners: 1 unchanged", "clusters: 1 unchanged")
                .doesNotContain("changed web", "useless", "refused:");
        assertThat(said("", GOODS)).contains("clusters: 1 unchanged");
    }

    @Test
    void anotherChainIsAChangeInPlaceAndAnotherBufferDrainsTheListener() throws Exception {
        IpAddress web = (IpAddress) running().listenerAddresses().get("web").getFirst();
        try (Socket client = new Socket(web.ip(), web.port())) {
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            String gauge = "listener.127.0.0.1_0.downstream_cx_active";
            while (running().stats().gauge(gauge).value() == 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(client.isConnected()).isTrue();
            String chain = WEB.replace("name: all", "name: some");
            assertThat(said("", chain))
                    .contains("changed web, how: in place, connections: 1")
                    .contains("chains drained: [all]", "chains added: [some]");
            String buffer =
                    WEB.replace(
                            "  name: web", "  name: web\n  per_connection_buffer_limit_bytes: 9");
            assertThat(said("", buffer))
                    .contains("changed web, how: the listener drains whole, connections: 1");
        }
        assertThat(running().stats().counter("listener_manager.listener_modified").value())
                .isZero();
    }

    @Test
    void aResponseOfListenersIsTheStateOfTheWorldAndAResourceIsOneMore() throws Exception {
        String other = WEB.replace("name: web", "name: other");
        assertThat(said("", other)).contains("added other", "removed web");
        String one = other.substring(other.indexOf('\n') + 3).replace("\n  ", "\n");
        assertThat(said("", one)).contains("added other", "1 unchanged").doesNotContain("removed");
    }

    @Test
    void whatIsRefusedSaysWhyAndWhatIsThereStays() throws Exception {
        assertThat(said("", GOODS.replace("STATIC", "EDS")))
                .contains(
                        "result: refused",
                        "cluster 'goods': eds_cluster_config: cannot create an EDS cluster without"
                                + " an EDS config")
                .doesNotContain("removed goods");
        assertThat(ask("", "[").statusCode()).isEqualTo(400);
        assertThat(ask("", "").statusCode()).isEqualTo(400);
        assertThat(ask("type=nds", GOODS).statusCode()).isEqualTo(400);
    }

    /** Whoever may ask for a page may not run code in the process. */
    @Test
    void aScriptThatIsSentIsNotRun() throws Exception {
        Path mark = directory.resolve("mark");
        String script =
                WEB.replace(
                        "http_filters: [",
                        """
                        http_filters: [{name: lua, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua, default_source_code: {inline_string: "io.open('%s', 'w')"}}},\
                        """
                                .strip()
                                .formatted(mark));
        assertThat(said("", script)).contains("result: accepted", "the script is not run here");
        assertThat(mark).doesNotExist();
    }

    @Test
    void aPipeIsNoFileOfResources() throws Exception {
        Path pipe = directory.resolve("pipe.yaml");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        assertThat(said("", bootstrap(pipe, directory.resolve("cds.yaml"))))
                .contains("result: refused", pipe + " is no regular file");
    }

    @Test
    void aResourceWithoutTypeIsOfTheOneThatTheRequestSays() throws Exception {
        assertThat(
                        said(
                                "type=cds",
                                "{\"name\": \"idle\", \"type\": \"STATIC\", \"load_assignment\":"
                                        + " {\"cluster_name\": \"idle\"}}"))
                .contains("added idle", "nobody uses cluster 'idle'");
        assertThat(said("type=cds", "name: idle\ntype: STATIC")).contains("added idle");
    }

    @Test
    void whatIsMissingIsWaitedFor() throws Exception {
        String rds =
                WEB.replaceAll(
                        "route_config: .*",
                        "rds: {route_config_name: later, config_source: {resource_api_version: V3,"
                                + " api_config_source: {api_type: GRPC, transport_api_version: V3,"
                                + " grpc_services: [{envoy_grpc: {cluster_name: goods}}]}}}");
        assertThat(said("", rds))
                .contains("listener 'web'", "waits for: route configuration 'later'");
    }

    @Test
    void aBootstrapIsComparedWholeWithTheFilesThatItNames() throws Exception {
        Path lds =
                Files.writeString(
                        directory.resolve("next.yaml"), WEB.replace("prefix: /", "prefix: /a"));
        String next = bootstrap(lds, directory.resolve("cds.yaml"));
        assertThat(said("", next)).contains("of: bootstrap", "result: accepted", "changed web");
        assertThat(said("", next.replace("next.yaml", "none.yaml")))
                .contains("result: refused", "none.yaml' does not exist");
    }

    @Test
    void aReadOnlyPortDoesNotAnswer() throws Exception {
        close();
        start(new AdminOptions("", "", "", "", false, true, ""));
        assertThat(ask("", GOODS).statusCode()).isEqualTo(403);
    }
}
