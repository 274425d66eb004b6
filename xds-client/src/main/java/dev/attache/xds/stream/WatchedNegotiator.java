package dev.attache.xds.stream;

import dev.attache.xds.MainLoop;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.AsciiString;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** Puts a watch on each connection before another negotiator takes it. Network threads. */
final class WatchedNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {

    private final InternalProtocolNegotiator.ProtocolNegotiator negotiator;
    private final MainLoop loop;
    private final TransportEvents events;

    WatchedNegotiator(
            InternalProtocolNegotiator.ProtocolNegotiator negotiator,
            MainLoop loop,
            TransportEvents events) {
        this.negotiator = negotiator;
        this.loop = loop;
        this.events = events;
    }

    @Override
    public AsciiString scheme() {
        return negotiator.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        ChannelHandler next = negotiator.newHandler(grpc);
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                ctx.pipeline().addFirst(new Watch());
                ctx.pipeline().replace(this, null, next);
            }
        };
    }

    @Override
    public void close() {
        negotiator.close();
    }

    /** First in the pipeline: sees the bytes of the socket. */
    private final class Watch extends ChannelDuplexHandler {
        private long began;
        private boolean active;
        private boolean closedHere;

        @Override
        public void connect(
                ChannelHandlerContext ctx,
                SocketAddress remote,
                SocketAddress local,
                ChannelPromise promise) {
            began = System.nanoTime();
            loop.execute(events::connecting);
            promise.addListener(done -> {
                if (!done.isSuccess()) {
                    loop.execute(events::connectFailed);
                }
            });
            ctx.connect(remote, local, promise);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active = true;
            long took = sinceBegan();
            loop.execute(() -> events.connected(took));
            ctx.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (active) {
                long lived = sinceBegan();
                boolean byPeer = !closedHere;
                loop.execute(() -> events.closed(byPeer, lived));
            }
            ctx.fireChannelInactive();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                long count = bytes.readableBytes();
                loop.execute(() -> events.received(count));
            }
            ctx.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof ByteBuf bytes) {
                long count = bytes.readableBytes();
                loop.execute(() -> events.sent(count));
            }
            ctx.write(message, promise);
        }

        @Override
        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
            closedHere = true;
            ctx.close(promise);
        }

        private long sinceBegan() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        }
    }
}
