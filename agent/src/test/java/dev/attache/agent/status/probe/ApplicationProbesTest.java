package dev.attache.agent.status.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.status.StatusPage;
import dev.attache.agent.status.StatusPages;
import dev.attache.agent.status.StatusServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApplicationProbesTest {

    private static final ProbeTarget LOCAL = ProbeTarget.of("127.0.0.1", false, false, 15020);

    private record Got(int status, String body) {}

    private static Got ask(StatusServer agent, String path) throws IOException {
        HttpCall call = HttpCall.get("127.0.0.1", agent.port(), path);
        call.fields().set("Host", "127.0.0.1:15020").set("X-Probe", "yes");
        try (HttpReply reply = call.send(Deadline.in(Duration.ofSeconds(20)))) {
            return new Got(reply.status(), reply.text());
        }
    }

    private static StatusPages application() {
        StatusPage seen =
                (request, reply) ->
                        reply.text(
                                200,
                                request.remote().getHostAddress()
                                        + " "
                                        + request.host()
                                        + " "
                                        + request.fields().text("X-Probe"));
        return new StatusPages()
                .add("/ok", seen)
                .add("/fail", (request, reply) -> reply.text(503, "no"))
                .add("/large", (request, reply) -> reply.text(200, "x".repeat(30_000)))
                .add("/here", (request, reply) -> redirect(reply, "/ok"))
                .add("/away", (request, reply) -> redirect(reply, "http://other.test/"))
                .add("/circle", (request, reply) -> redirect(reply, "/circle"));
    }

    private static void redirect(dev.attache.agent.status.StatusReply reply, String to) {
        reply.status(302);
        reply.field("Location", to);
    }

    @Test
    void theApplicationIsAskedFromWhereInterceptionPassesBy() throws IOException {
        try (StatusServer application = StatusServer.start(0, application())) {
            StringBuilder json = new StringBuilder("{");
            for (String path : new String[] {"ok", "fail", "large", "here", "away", "circle"}) {
                json.append(
                        "\"/app-health/%s/livez\":{\"httpGet\":{\"path\":\"%s\",\"port\":%d},\"timeoutSeconds\":9},"
                                .formatted(path, path, application.port()));
            }
            json.append(
                    "\"/app-health/tcp/livez\":{\"tcpSocket\":{\"port\":%d},\"timeoutSeconds\":9},\"/app-health/gone/livez\":{\"tcpSocket\":{\"port\":%d},\"timeoutSeconds\":9}}"
                            .formatted(application.port(), free()));
            ApplicationProbes probes = ApplicationProbes.parse(json.toString(), LOCAL);
            StatusPages pages = new StatusPages().add("/app-health/", probes);
            try (StatusServer agent = StatusServer.start(0, pages)) {
                String seen = "127.0.0.6 127.0.0.1:" + application.port() + " yes";
                assertThat(ask(agent, "/app-health/ok/livez")).isEqualTo(new Got(200, seen));
                assertThat(ask(agent, "/app-health/here/livez")).isEqualTo(new Got(200, seen));
                assertThat(ask(agent, "/app-health/fail/livez")).isEqualTo(new Got(503, "no"));
                assertThat(ask(agent, "/app-health/away/livez")).isEqualTo(new Got(200, ""));
                assertThat(ask(agent, "/app-health/circle/livez")).isEqualTo(new Got(500, ""));
                assertThat(ask(agent, "/app-health/large/livez").body()).hasSize(10 * 1024);
                assertThat(ask(agent, "/app-health/tcp/livez")).isEqualTo(new Got(200, ""));
                assertThat(ask(agent, "/app-health/gone/livez")).isEqualTo(new Got(500, ""));
                assertThat(ask(agent, "/app-health/other/livez"))
                        .isEqualTo(
                                new Got(
                                        400,
                                        "app prober config does not exists for"
                                                + " /app-health/other/livez"));
            }
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatIsNoProbeIsRefused() {
        assertThatThrownBy(() -> ApplicationProbes.parse("{\"/x\":{}}", LOCAL))
                .hasMessageContaining("must be in form of regex pattern");
        assertThatThrownBy(() -> ApplicationProbes.parse("{\"/app-health/c/livez\":{}}", LOCAL))
                .hasMessageContaining("must be one of type httpGet, tcpSocket or gRPC");
        String named = "{\"/app-health/c/livez\":{\"tcpSocket\":{\"port\":\"http\"}}}";
        assertThatThrownBy(() -> ApplicationProbes.parse(named, LOCAL))
                .hasMessageContaining("the port must be int type");
        String late = "{\"/app-health/c/livez\":{\"grpc\":{\"port\":1},\"timeoutSeconds\":\"5\"}}";
        assertThatThrownBy(() -> ApplicationProbes.parse(late, LOCAL))
                .hasMessageContaining("timeoutSeconds is \"5\", not a whole number");
        assertThatThrownBy(() -> ApplicationProbes.parse("[]", LOCAL))
                .hasMessageContaining("failed to decode app prober");
        assertThatThrownBy(() -> ApplicationProbes.parse("[", LOCAL))
                .hasMessageContaining("failed to decode app prober");
    }
}
