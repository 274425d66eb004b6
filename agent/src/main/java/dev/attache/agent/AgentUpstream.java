package dev.attache.agent;

import dev.attache.agent.control.ConnectionFailure;
import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.relay.Upstream;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;

/** The control plane that the proxy's streams are relayed to. Immutable; any thread. */
record AgentUpstream(ControlPlane server) implements Upstream {

    @Override
    public ManagedChannel open() throws IOException {
        return server.open();
    }

    @Override
    public String words(Status status) {
        ConnectionFailure failure = ConnectionFailure.of(server, status.asException());
        return failure.kind() == ConnectionFailure.Kind.OTHER
                ? Upstream.super.words(status)
                : failure.words();
    }
}
