package dev.attache.filters.transport_sockets.proxy_protocol;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.transport.CarryingTransport;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import dev.attache.proxy.transport.TransportListener;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open transport socket of one cluster, or as one host's metadata has it. Any worker. */
final class ProxyProtocolTransport extends CarryingTransport {

    private final ProxyProtocolTransportSpec spec;
    private final List<Tlv> added;
    private final Counter tooLong;

    /**
     * @param added in this order, before what came with the client
     * @param tooLong counts headers without TLVs for which there was no room
     */
    ProxyProtocolTransport(
            ProxyProtocolTransportSpec spec,
            List<Tlv> added,
            ClientTransport carried,
            Counter tooLong) {
        super(carried);
        this.spec = spec;
        this.added = added;
        this.tooLong = tooLong;
    }

    @Override
    public ClientTransport of(Metadata host) {
        List<Tlv> own = spec.isV2() ? spec.ofHost().apply(host) : List.of();
        ClientTransport carriedThere = carried().of(host);
        return own.isEmpty() && carriedThere == carried()
                ? this
                : new ProxyProtocolTransport(spec, newTypes(own, added), carriedThere, tooLong);
    }

    @Override
    public boolean tellsClient() {
        return true;
    }

    @Override
    public void install(
            Channel channel,
            ConnectionInfo info,
            WorkerContext worker,
            TransportOptions options,
            TransportListener listener) {
        ByteBuf header = worker.allocator().buffer(HeaderBytes.USUAL_SIZE);
        write(header, info, options.proxyHeader());
        info.preambleBytes(info.preambleBytes() + header.readableBytes());
        channel.pipeline().addFirst(new First(header));
        super.install(channel, info, worker, options, listener);
    }

    private void write(ByteBuf out, ConnectionInfo info, @Nullable ProxyHeader client) {
        if (!spec.isV2()) {
            HeaderBytes.v1(
                    out,
                    client == null ? info.localAddress() : client.source(),
                    client == null ? info.remoteAddress() : client.destination());
        } else if (client == null) {
            HeaderBytes.v2Local(out);
        } else {
            List<Tlv> passed = client.tlvs().stream().filter(spec::passes).toList();
            if (!HeaderBytes.v2(out, client, newTypes(added, passed))) {
                tooLong.inc();
            }
        }
    }

    /** The first, then those of types that are not among them. */
    private static List<Tlv> newTypes(List<Tlv> first, List<Tlv> then) {
        List<Tlv> all = new ArrayList<>(first);
        Set<Integer> types = new HashSet<>();
        first.forEach(tlv -> types.add(tlv.type()));
        for (Tlv tlv : then) {
            if (!types.contains(tlv.type())) {
                all.add(tlv);
            }
        }
        return all;
    }

    /** Sends the header to the socket, before anybody else sends anything, and goes. */
    private static final class First extends ChannelInboundHandlerAdapter {
        private final ByteBuf header;

        First(ByteBuf header) {
            this.header = header;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            // Of a connection that cannot be written to its owner hears by its end.
            context.writeAndFlush(header, context.voidPromise());
            context.pipeline().remove(this);
        }
    }
}
