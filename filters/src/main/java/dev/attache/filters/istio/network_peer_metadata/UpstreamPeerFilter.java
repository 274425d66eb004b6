package dev.attache.filters.istio.network_peer_metadata;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's connection to a listener that makes tunnels; others it leaves alone. Loop-confined.
 */
final class UpstreamPeerFilter implements NetworkFilter.Inspecting {

    /** The listeners that have {@link TunnelPeerFilter}; the last one is Istio's tests'. */
    private static final Set<String> TUNNELS =
            Set.of("connect_originate", "inner_connect_originate", "internal_outbound");

    private final ConnectionInfo info;
    private @Nullable Control control;
    private boolean waiting = true;

    UpstreamPeerFilter(ConnectionInfo info) {
        this.info = info;
    }

    @Override
    public void attach(Control given) {
        control = given;
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        if (!waiting) {
            return Status.CONTINUE;
        }
        if (control == null || !isTunnel(control.stream())) {
            waiting = false;
            return Status.CONTINUE;
        }
        waiting = !take(data, end);
        return waiting ? Status.STOP : Status.CONTINUE;
    }

    private static boolean isTunnel(StreamInfo stream) {
        UpstreamInfo upstream = stream.upstream();
        return upstream != null
                && upstream.host instanceof InternalAddress address
                && TUNNELS.contains(address.listenerName())
                && !Discovery.isDisabled(upstream.hostMetadata)
                && !Discovery.isDisabled(stream.clusterMetadata);
    }

    /** False where more must come first. */
    private boolean take(ByteBuf data, boolean end) {
        int available = data.readableBytes();
        if (available < PreambleWire.HEAD) {
            return end && unknown();
        }
        if (data.getIntLE(data.readerIndex()) != PreambleWire.MAGIC) {
            return unknown();
        }
        long length = data.getUnsignedIntLE(data.readerIndex() + Integer.BYTES);
        if (length == 0) {
            data.skipBytes(PreambleWire.HEAD);
            return unknown();
        }
        if (length > PreambleWire.LONGEST) {
            return unknown();
        }
        if (available < PreambleWire.HEAD + length) {
            return end && unknown();
        }
        MetadataValue.Struct struct = PreambleWire.read(data, (int) length);
        if (struct == null) {
            return unknown();
        }
        data.skipBytes(PreambleWire.HEAD + (int) length);
        Peer peer = new Peer(WorkloadStruct.parse(struct, Set.of()));
        info.filterState().set(Peer.UPSTREAM, peer.nodeStruct());
        // The object is what metrics of connections are labelled from.
        info.filterState().set(Peer.UPSTREAM_OBJECT, peer.workload());
        return true;
    }

    private boolean unknown() {
        Peer.miss(info.filterState());
        return true;
    }
}
