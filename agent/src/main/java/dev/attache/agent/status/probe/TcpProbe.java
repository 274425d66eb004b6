package dev.attache.agent.status.probe;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code tcpSocket}: whether a connection can be made. */
record TcpProbe(ProbeTarget target, int port, int seconds) implements Probe {

    private static final Logger LOG = LoggerFactory.getLogger("agent.probes");

    @Override
    public void answer(StatusRequest request, StatusReply reply) {
        Deadline limit = Deadline.in(Duration.ofSeconds(seconds > 0 ? seconds : LONGEST_SECONDS));
        try (Socket connected = HttpCall.connect(target.host(), port, target.source(), limit)) {
            LOG.debug("the application takes connections at {}", connected);
            reply.status(200);
        } catch (IOException e) {
            LOG.debug("the application takes no connection", e);
            reply.status(500);
        }
    }
}
