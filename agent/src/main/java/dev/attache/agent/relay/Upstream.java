package dev.attache.agent.relay;

import io.grpc.ManagedChannel;
import io.grpc.Status;
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

    /** Why a stream has ended, for whoever has to mend it. */
    default String words(Status status) {
        String description = status.getDescription();
        return description == null ? "no reason was given" : description;
    }
}
