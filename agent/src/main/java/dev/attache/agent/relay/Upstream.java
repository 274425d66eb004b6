package dev.attache.agent.relay;

import io.grpc.ManagedChannel;
import java.io.IOException;

/** The control plane that a stream is relayed to. Any thread. */
@FunctionalInterface
public interface Upstream {

    /**
     * A channel for one stream, which is shut down with it; every call on it carries the token and
     * the headers.
     *
     * @throws IOException if what is needed to connect cannot be read, in words
     */
    ManagedChannel open() throws IOException;
}
