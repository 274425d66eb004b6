package dev.attache.agent.status;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.dataplane.AdminAddress;
import dev.attache.agent.dataplane.ChildDataPlane;
import dev.attache.agent.dataplane.ProxyCommand;
import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class StatusServerTest {

    private static final Deadline SOON = Deadline.in(Duration.ofSeconds(20));

    private record Got(int status, String type, String body) {}

    private static Got ask(StatusServer server, String method, String target) throws IOException {
        HttpCall call = HttpCall.of(method, "127.0.0.1", server.port(), target, new byte[0]);
        try (HttpReply reply = call.send(SOON)) {
            return new Got(reply.status(), reply.fields().text("Content-Type"), reply.text());
        }
    }

    @Test
    void pathsAreFoundAsGoFindsThem() throws IOException {
        StatusPages pages =
                new StatusPages()
                        .add("/metrics", (request, reply) -> reply.text(200, "m"))
                        .add("/app-health/", (request, reply) -> reply.text(200, request.path()))
                        .add(
                                "/drain",
                                ((StatusPage) (q, reply) -> reply.text(200, "OK")).forPost());
        try (StatusServer server = StatusServer.start(0, pages)) {
            assertThat(ask(server, "GET", "/metrics"))
                    .isEqualTo(new Got(200, "text/plain; charset=utf-8", "m"));
            assertThat(ask(server, "GET", "/nothing"))
                    .isEqualTo(new Got(404, "text/plain; charset=utf-8", "404 page not found\n"));
            assertThat(ask(server, "GET", "/drain"))
                    .isEqualTo(new Got(405, "text/plain; charset=utf-8", "Method Not Allowed\n"));
            assertThat(ask(server, "POST", "/drain").body()).isEqualTo("OK");
            assertThat(ask(server, "GET", "/app-health/a/livez").body())
                    .isEqualTo("/app-health/a/livez");
            assertThat(ask(server, "GET", "//metrics").body())
                    .isEqualTo("<a href=\"/metrics\">Temporary Redirect</a>.\n\n");
            assertThat(ask(server, "GET", "/app-health").status()).isEqualTo(307);
            assertThat(ask(server, "GET", "//%22%3Cb%3E").body())
                    .isEqualTo("<a href=\"/&#34;&lt;b&gt;\">Temporary Redirect</a>.\n\n");
            assertThat(ask(server, "HEAD", "/metrics").body()).isEmpty();
        }
    }

    @Test
    void aSilentConnectionIsClosedButNotOneThatWaitsForItsAnswer() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        StatusPages pages =
                new StatusPages()
                        .add(
                                "/slow",
                                (request, reply) -> {
                                    await(gone);
                                    reply.text(200, "slow");
                                });
        try (StatusServer server = StatusServer.start(0, pages, 200);
                Socket silent = new Socket("127.0.0.1", server.port());
                Socket asking = new Socket("127.0.0.1", server.port())) {
            asking.getOutputStream()
                    .write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
            silent.setSoTimeout(20_000);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            gone.countDown();
            asking.setSoTimeout(20_000);
            assertThat(new String(asking.getInputStream().readNBytes(12), US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsLargeIsStreamedAndCompressedForWhoeverTakesIt() throws IOException {
        String large = "a line of metrics 1\n".repeat(20_000);
        StatusPages pages = new StatusPages().add("/m", (request, reply) -> reply.text(200, large));
        try (StatusServer server = StatusServer.start(0, pages)) {
            assertThat(ask(server, "GET", "/m").body()).isEqualTo(large);
            HttpCall call = HttpCall.get("127.0.0.1", server.port(), "/m");
            call.fields().set("Accept-Encoding", "gzip");
            try (HttpReply reply = call.send(SOON)) {
                assertThat(reply.fields().get("Content-Encoding")).isEqualTo("gzip");
                byte[] body = new GZIPInputStream(reply.body()).readAllBytes();
                assertThat(new String(body, StandardCharsets.UTF_8)).isEqualTo(large);
            }
        }
    }

    @Test
    void readinessSaysWhatIsMissing() throws IOException {
        AtomicReference<String> updates = new AtomicReference<>("");
        AtomicReference<String> state = new AtomicReference<>("server.state: 3\n");
        AtomicReference<String> cause = new AtomicReference<>("");
        StatusPages admin =
                new StatusPages()
                        .add(
                                "/stats",
                                (request, reply) ->
                                        reply.text(
                                                200,
                                                request.query().contains("server")
                                                        ? state.get()
                                                        : updates.get()));
        try (StatusServer server = StatusServer.start(0, admin)) {
            ProxyReadiness readiness =
                    new ProxyReadiness(
                            new ChildDataPlane(
                                    new ProxyCommand(Path.of("none"), List.of(), Map.of(), false),
                                    new AdminAddress("127.0.0.1", server.port(), 1),
                                    Path.of("none")),
                            cause::get,
                            new AgentMetrics(),
                            Instant.now());
            String counts =
                    "cds updates: %d successful, %d rejected; lds updates: %d successful, 0 rejected";
            assertThat(readiness.notReady())
                    .isEqualTo(
                            "config not received from XDS server (is Istiod running?): "
                                    + counts.formatted(0, 0, 0));
            updates.set("cluster_manager.cds.update_success: 1\n");
            assertThat(readiness.notReady())
                    .isEqualTo(
                            "config not fully received from XDS server: "
                                    + counts.formatted(1, 0, 0));
            updates.set(
                    "cluster_manager.cds.update_rejected: 2\nlistener_manager.lds.update_success: 1\n");
            assertThat(readiness.notReady())
                    .isEqualTo(
                            "config received from XDS server, but was rejected: "
                                    + counts.formatted(0, 2, 1));
            updates.set(
                    "cluster_manager.cds.update_success: 1\nlistener_manager.lds.update_success: 1\n");
            assertThat(readiness.notReady()).startsWith("failed to get readiness stats: ");
            state.set("listener_manager.workers_started: 0\nserver.state: 3\n");
            assertThat(readiness.notReady())
                    .isEqualTo("server is not live, current state is: INITIALIZING");
            state.set("listener_manager.workers_started: 1\nserver.state: 0\n");
            assertThat(readiness.notReady()).isNull();
            cause.set("received signal: terminated");
            assertThat(readiness.notReady())
                    .isEqualTo("server is terminated: received signal: terminated");
        }
    }
}
