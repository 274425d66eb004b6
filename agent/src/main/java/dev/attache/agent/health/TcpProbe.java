package dev.attache.agent.health;

import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/** {@code tcpSocket}: well is what takes a connection. */
record TcpProbe(String host, int port) implements Probe {

    @Override
    public void ask(Duration limit) throws UnwellException {
        try (Socket socket = HttpCall.connect(host, port, null, Deadline.in(limit))) {
            socket.setSoLinger(true, 1);
        } catch (IOException e) {
            throw new UnwellException(String.valueOf(e.getMessage()));
        }
    }
}
