package dev.attache.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private HttpServer agent;
    private volatile String answer = "";
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext(
                AgentReport.PATH,
                exchange -> {
                    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        agent.start();
    }

    @AfterEach
    void stop() {
        agent.stop(0);
    }

    private int run(String... arguments) {
        return StatusCommand.run(List.of(arguments), new PrintStream(out), new PrintStream(err));
    }

    private String port() {
        return String.valueOf(agent.getAddress().getPort());
    }

    @Test
    void readyOrNotIsTheExitCode() {
        answer = Reports.whole(true).toJson();
        assertThat(run("--port", port())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("state         ready\n");
        answer = Reports.young().toJson();
        assertThat(run("--port=" + port(), "-o", "json")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith(Reports.young().toJson());
    }

    @Test
    void nobodyThereIsThree() {
        String port = port();
        status = 404;
        assertThat(run("--port", port)).isEqualTo(3);
        agent.stop(0);
        assertThat(run("--port", port)).isEqualTo(3);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("it answers 404")
                .contains("no agent answers at http://127.0.0.1:" + port + "/debug/agent")
                .contains("--port");
    }

    @Test
    void whatCannotBeReadIsTwo() {
        assertThat(run("--output", "xml")).isEqualTo(2);
        assertThat(run("--port", "0")).isEqualTo(2);
        assertThat(run("--port", "x")).isEqualTo(2);
        assertThat(run("nonsense")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Usage:");
    }
}
