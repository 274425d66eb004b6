package dev.attache.proxy.transport;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;

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

    @Override
    void close();
}
