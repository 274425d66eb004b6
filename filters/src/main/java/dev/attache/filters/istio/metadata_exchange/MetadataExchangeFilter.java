package dev.attache.filters.istio.metadata_exchange;

import dev.attache.filters.istio.metadata.HostAddress;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One connection. Loop-confined. */
final class MetadataExchangeFilter implements NetworkFilter.Inspecting {

    private enum State {
        BEGINNING,
        READING_HEAD,
        READING_PEER,
        OVER
    }

    private final ExchangeSettings settings;
    private final ExchangeStats stats;
    private final @Nullable WorkloadDirectory directory;
    private final ConnectionInfo info;
    private @Nullable Control control;
    private State state = State.BEGINNING;
    private int length;

    MetadataExchangeFilter(
            ExchangeSettings settings,
            ExchangeStats stats,
            @Nullable WorkloadDirectory directory,
            ConnectionInfo info) {
        this.settings = settings;
        this.stats = stats;
        this.directory = directory;
        this.info = info;
    }

    @Override
    public void attach(Control given) {
        control = given;
    }

    @Override
    public boolean seesWrites() {
        return true;
    }

    @Override
    public Status onWrite(ByteBuf data, boolean end) {
        begin();
        return Status.CONTINUE;
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        begin();
        if (state == State.READING_HEAD) {
            if (data.readableBytes() < PreambleWire.HEAD) {
                return moreOfHead(end);
            }
            readHead(data);
        }
        if (state == State.READING_PEER) {
            if (Integer.compareUnsigned(length, PreambleWire.LONGEST) > 0) {
                noPeer();
            } else if (data.readableBytes() < length) {
                return moreOfPeer(end);
            } else {
                readPeer(data);
            }
        }
        return Status.CONTINUE;
    }

    /** Counted as often as there is too little, as in Istio's proxy. */
    private Status moreOfHead(boolean end) {
        stats.initialHeaderNotFound.inc();
        if (!end) {
            return Status.STOP;
        }
        state = State.OVER; // what there is goes to whoever reads on
        return Status.CONTINUE;
    }

    /** As of the head: a peer that has ended says no more. */
    private Status moreOfPeer(boolean end) {
        if (!end) {
            return Status.STOP;
        }
        state = State.OVER;
        return Status.CONTINUE;
    }

    /** With the first bytes in either direction: the handshake is finished. */
    private void begin() {
        if (state != State.BEGINNING) {
            return;
        }
        TlsInfo tls = info.tls();
        String agreed = tls == null || tls.alpn() == null ? "" : tls.alpn();
        if (!settings.protocol().equals(agreed)) {
            notFound();
            stats.alpnProtocolNotFound.inc();
            return;
        }
        stats.alpnProtocolFound.inc();
        state = State.READING_HEAD;
        if (control != null) {
            control.injectWrite(settings.preamble().toBuffer(), false);
            stats.metadataAdded.inc();
        }
    }

    private void readHead(ByteBuf data) {
        if (data.getInt(data.readerIndex()) != PreambleWire.MAGIC) {
            stats.initialHeaderNotFound.inc();
            notFound();
            return;
        }
        data.skipBytes(Integer.BYTES);
        length = data.readInt();
        state = State.READING_PEER;
    }

    private void readPeer(ByteBuf data) {
        MetadataValue.Struct sent = PreambleWire.read(data, length);
        if (sent == null) {
            noPeer();
            return;
        }
        data.skipBytes(length);
        state = State.OVER;
        MetadataValue.Struct workload = PreambleWire.workload(sent);
        if (workload != null) {
            store(
                    new Peer(WorkloadStruct.parse(workload, settings.labels())),
                    settings.downstream());
        }
    }

    private void noPeer() {
        stats.headerNotFound.inc();
        notFound();
    }

    private void store(Peer peer, boolean downstream) {
        peer.store(info.filterState(), downstream, FilterState.Sharing.NONE);
    }

    /** The other end does not say who it is: its address may tell. */
    private void notFound() {
        state = State.OVER;
        if (directory != null && control != null) {
            Address called = called(control.stream().upstream());
            Peer upstream = called == null ? null : directory.find(called);
            if (settings.downstream() && upstream != null) {
                store(upstream, false);
            }
            Peer peer = settings.downstream() ? directory.find(info.remoteAddress()) : upstream;
            if (!settings.downstream() && called == null) {
                peer = directory.find(info.localAddress());
            }
            if (peer != null) {
                store(peer, settings.downstream());
                stats.metadataAdded.inc();
                return;
            }
        }
        Peer.miss(info.filterState());
    }

    private static @Nullable Address called(@Nullable UpstreamInfo upstream) {
        return upstream == null || upstream.host == null
                ? null
                : HostAddress.of(upstream.host, upstream.hostMetadata, false);
    }
}
