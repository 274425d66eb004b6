package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.router.RouterSpec;
import dev.attache.proxy.worker.JitteredTime;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A drain reaches connections that have no response to learn of it. */
final class ListenerDrainIT {

    private final HttpFixture fixture =
            new HttpFixture(new DrainControl(600, DrainControl.Strategy.GRADUAL));

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private int serve() {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts timeouts =
                new Timeouts(
                        d.connectionIdle(),
                        d.maxConnectionDuration(),
                        d.http1SafeMaxDuration(),
                        d.streamIdle(),
                        d.streamFlush(),
                        d.request(),
                        d.requestHeaders(),
                        JitteredTime.of(10),
                        d.delayedClose(),
                        d.maxStreamDuration());
        return fixture.serve(
                HttpFixture.manager(
                        HttpFixture.table(
                                HttpFixture.route(
                                        "/", new RouteAction.DirectResponse(200, null, null))),
                        List.of(new FilterEntry("router", RouterSpec.DEFAULTS, false)),
                        timeouts,
                        0,
                        entry -> {}));
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void connectionsWithoutResponsesEndBeforeTheDrainIsOver() throws Exception {
        int port = serve();
        try (Socket silent = connect(port);
                Socket idle = connect(port)) {
            idle.getOutputStream()
                    .write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(idle.getInputStream().read()).isEqualTo('H');
            Awaiting.until(() -> fixture.engine.connections() == 2, "both are accepted");

            fixture.engine.startDrainSequence(false);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            String rest =
                    new String(idle.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(rest).startsWith("TTP/1.1 200").doesNotContain("connection: close");
        }
        assertThat(fixture.stats.counter("http.web.downstream_cx_drain_close").value())
                .isEqualTo(2);
    }

    @Test
    void whoComesDuringADrainLeavesWithTheOthers() throws Exception {
        int port = serve();
        fixture.engine.startDrainSequence(false);
        try (Socket late = connect(port)) {
            assertThat(late.getInputStream().read()).isEqualTo(-1);
        }
    }
}
