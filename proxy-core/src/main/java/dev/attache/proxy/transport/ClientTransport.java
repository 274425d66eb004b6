package dev.attache.proxy.transport;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The dialling side's transport socket of one cluster. Shared by all workers; owns what it needs
 * until {@link #close()}, after which established connections go on.
 */
public interface ClientTransport extends AutoCloseable {

    /**
     * Set on a channel whose pipeline belongs to somebody else (a gRPC client): the name of the
     * handler before which the transport's handlers go, instead of the end.
     */
    AttributeKey<String> BEFORE = AttributeKey.valueOf(ClientTransport.class, "before");

    /** Envoy's {@code implementsSecureTransport}. */
    boolean secure();

    /** False while secrets are missing: the connection attempt fails (UF). */
    boolean ready();

    /** True if the protocol of a connection is chosen by ALPN (pools wait for the handshake). */
    boolean usesAlpn();

    /**
     * Metadata of host and cluster that an internal listener gets to see, by namespace; counts what
     * is missing. Asked once for each connection to one, before it is made.
     */
    default Map<String, MetadataValue.Struct> passthrough(Metadata host, Metadata cluster) {
        return Map.of();
    }

    /** Whether an internal listener gets the filter state that goes upstream. */
    default boolean passesFilterState() {
        return false;
    }

    /**
     * Whether connections tell the peer of the client that they are made for ({@link
     * TransportOptions#proxyHeader}), and so serve no other.
     */
    default boolean tellsClient() {
        return false;
    }

    /** For one host, which may have something to say by its metadata; asked for each connection. */
    default ClientTransport of(Metadata host) {
        return this;
    }

    /** The SNI it sends when options do not override it, or null. */
    @Nullable String serverName();

    /**
     * Puts its handlers at the end of the pipeline of a connected channel (or where {@link #BEFORE}
     * says) and starts the handshake. Called on the channel's loop. {@code listener} hears once of
     * the outcome, perhaps before this returns.
     */
    void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportOptions options,
            TransportListener listener);

    @Override
    void close();
}
