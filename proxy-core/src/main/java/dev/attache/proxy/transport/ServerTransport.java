package dev.attache.proxy.transport;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Peer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The accepting side's transport socket of one filter chain. Shared by all workers; owns what it
 * needs until {@link #close()}, after which established connections go on.
 */
public interface ServerTransport extends AutoCloseable {

    /** Envoy's {@code implementsSecureTransport}. */
    boolean secure();

    /** False while secrets are missing: the listener accepts the connection, then closes it. */
    boolean ready();

    /**
     * Puts its handlers at the end of the pipeline of an accepted, active channel. Called on the
     * channel's loop. {@code listener} hears once of the outcome, perhaps before this returns.
     */
    void install(
            Channel channel, ConnectionInfo info, WorkerContext worker, TransportListener listener);

    /**
     * What its handshake would say to a client that nobody is, by the rules of a real one, without
     * counting.
     *
     * @param peer null: it has no certificate
     */
    default ClientVerdict judge(@Nullable Peer peer) {
        return ClientVerdict.NOT_ASKED;
    }

    /** Which of the protocols that a client offers it would take, or null. */
    default @Nullable String selectProtocol(List<String> offered) {
        return null;
    }

    @Override
    void close();
}
