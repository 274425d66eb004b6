package dev.attache.agent.status.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.status.StatusPage;
import dev.attache.agent.status.StatusPages;
import dev.attache.agent.status.StatusServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class MergedMetricsTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    @Test
    void acceptedTypesAreThoseThatCanBeMerged() {
        List<String> application = AcceptedTypes.OF_APPLICATIONS;
        assertThat(AcceptedTypes.of("", application)).isEqualTo("text/plain;version=0.0.4");
        assertThat(AcceptedTypes.of("*/*", application))
                .isEqualTo("text/plain; q=0.1; version=0.0.4");
        String prometheus =
                "application/openmetrics-text;version=1.0.0;q=0.5,application/vnd.google.protobuf,"
                        + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
        assertThat(AcceptedTypes.of(prometheus, application))
                .isEqualTo(
                        "application/openmetrics-text; q=0.2; version=1.0.0,"
                                + "text/plain; q=0.1; version=0.0.4");
        assertThat(AcceptedTypes.of(prometheus, AcceptedTypes.OF_THE_PROXY))
                .isEqualTo("text/plain; q=0.1; version=0.0.4");
    }

    @Test
    void portsOfTheMeshAreRefused() {
        assertThatThrownBy(() -> ScrapeTargets.parse("{\"port\":\"15020\"}", 15020))
                .hasMessageContaining("application port is the same as agent port");
        assertThatThrownBy(() -> ScrapeTargets.parse("{\"targets\":[{\"port\":\"15090\"}]}", 15020))
                .hasMessageContaining("is reserved for Istio (Envoy Prometheus (already merged))");
        assertThatThrownBy(() -> ScrapeTargets.parse("{\"port\":\"x\"}", 15020))
                .hasMessageContaining("invalid target port \"x\"");
        assertThat(ScrapeTargets.parse("{\"scrape\":\"false\"}", 15020).targets()).isEmpty();
        assertThat(ScrapeTargets.parse("{}", 15020).targets())
                .containsExactly(new ScrapeTargets.Target(80, "/metrics"));
    }

    private static StatusPage metrics(String type, String body) {
        return (request, reply) -> {
            reply.field("Content-Type", type);
            reply.text(200, body);
        };
    }

    private static String scrape(ScrapeTargets targets, AgentMetrics metrics, String type)
            throws IOException {
        StatusPages pages =
                new StatusPages().add("/metrics", new MergedMetrics(metrics, null, targets));
        try (StatusServer server = StatusServer.start(0, pages);
                HttpReply reply =
                        HttpCall.get("127.0.0.1", server.port(), "/metrics")
                                .send(Deadline.in(Duration.ofSeconds(20)))) {
            assertThat(reply.fields().text("Content-Type")).isEqualTo(type);
            return reply.text();
        }
    }

    @Test
    void severalApplicationsHaveOneEnd() throws IOException {
        StatusPages application =
                new StatusPages()
                        .add("/a", metrics(OPEN, "a 1\n# EOF\n"))
                        .add("/b", metrics(OPEN, "b 1"))
                        .add("/text", metrics("text/plain", "c 1\n"));
        try (StatusServer server = StatusServer.start(0, application)) {
            ScrapeTargets open = targets(server, "/a", "/b");
            assertThat(scrape(open, new AgentMetrics(), OPEN)).endsWith("a 1\nb 1\n# EOF\n");
            ScrapeTargets mixed = targets(server, "/a", "/text");
            assertThat(
                            scrape(
                                    mixed,
                                    new AgentMetrics(),
                                    "text/plain; version=0.0.4; charset=utf-8"))
                    .endsWith("a 1\nc 1\n");
        }
    }

    private static ScrapeTargets targets(StatusServer server, String... paths) {
        return new ScrapeTargets(
                List.of(paths).stream()
                        .map(path -> new ScrapeTargets.Target(server.port(), path))
                        .toList());
    }

    private static HttpReply ask(int port) throws IOException {
        return HttpCall.get("127.0.0.1", port, "/metrics")
                .send(Deadline.in(Duration.ofSeconds(30)));
    }

    /** The first holds its place until the application is let go; the second has no time. */
    private static void refusesTheSecond(ScrapeRoom room, String words) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        String body = "a{of=\"%s\"} 1\n".formatted("x".repeat(5000));
        StatusPage slow =
                (request, reply) -> {
                    reply.field("Content-Type", "text/plain");
                    reply.body().write(body.getBytes(StandardCharsets.UTF_8));
                    begun.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    reply.body().write("last 1\n".getBytes(StandardCharsets.UTF_8));
                };
        StatusPages application =
                new StatusPages().add("/a", slow).add("/b", metrics("text/plain", body));
        try (StatusServer applications = StatusServer.start(0, application);
                StatusServer server = server(targets(applications, "/a", "/b"), room)) {
            FutureTask<String> first =
                    new FutureTask<>(() -> {
                        try (HttpReply reply = ask(server.port())) {
                            return reply.status() + reply.text();
                        }
                    });
            Thread.ofVirtual().start(first);
            begun.await();
            try (HttpReply second = ask(server.port())) {
                assertThat(second.status()).isEqualTo(503);
                assertThat(second.text()).isEqualTo(words + "\n");
            }
            go.countDown();
            assertThat(first.get()).startsWith("200").endsWith(body + "last 1\n" + body);
            try (HttpReply third = ask(server.port())) {
                assertThat(third.status()).isEqualTo(200);
            }
        }
    }

    private static StatusServer server(ScrapeTargets targets, ScrapeRoom room) throws IOException {
        MergedMetrics page = new MergedMetrics(new AgentMetrics(), null, targets, room);
        return StatusServer.start(0, new StatusPages().add("/metrics", page));
    }

    @Test
    void scrapesWaitForEachOtherAndNothingOfAPageIsLeftOut() throws Exception {
        refusesTheSecond(
                new ScrapeRoom(1, 10, 1000, SHORT),
                "other scrapes have not ended in time; try again");
        refusesTheSecond(
                new ScrapeRoom(10, 1, 1000, SHORT), "other scrapes hold large bodies; try again");
    }

    @Test
    void anApplicationThatIsAwayIsCounted() throws IOException {
        AgentMetrics metrics = new AgentMetrics();
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        ScrapeTargets gone =
                new ScrapeTargets(List.of(new ScrapeTargets.Target(nobody, "/metrics")));
        assertThat(scrape(gone, metrics, "text/plain; version=0.0.4; charset=utf-8"))
                .contains("istio_agent_scrape_failures_total{type=\"application\"} 1")
                .contains("istio_agent_scrapes_total 1");
    }
}
