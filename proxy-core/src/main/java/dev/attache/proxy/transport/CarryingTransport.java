package dev.attache.proxy.transport;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.Channel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transport socket around another, which answers for all that the outer one does not change. It
 * owns the inner one.
 */
public abstract class CarryingTransport implements ClientTransport {

    private final ClientTransport carried;

    protected CarryingTransport(ClientTransport carried) {
        this.carried = carried;
    }

    protected final ClientTransport carried() {
        return carried;
    }

    /** Of the host: {@link #carried()} may be another there, and so this. */
    @Override
    public abstract ClientTransport of(Metadata host);

    @Override
    public Map<String, MetadataValue.Struct> passthrough(Metadata host, Metadata cluster) {
        return carried.passthrough(host, cluster);
    }

    @Override
    public boolean passesFilterState() {
        return carried.passesFilterState();
    }

    @Override
    public boolean tellsClient() {
        return carried.tellsClient();
    }

    @Override
    public boolean secure() {
        return carried.secure();
    }

    @Override
    public boolean ready() {
        return carried.ready();
    }

    @Override
    public boolean usesAlpn() {
        return carried.usesAlpn();
    }

    @Override
    public @Nullable String serverName() {
        return carried.serverName();
    }

    @Override
    public void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportOptions options,
            TransportListener listener) {
        carried.install(channel, info, worker, options, listener);
    }

    @Override
    public void close() {
        carried.close();
    }
}
