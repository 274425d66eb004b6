package dev.attache.agent.names;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One question to one server: a socket of its own, so that the port is the kernel's choice, and an
 * id by chance; what does not answer the question is not heard. Loop of names only.
 */
final class Exchange {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_MESSAGE = 65535;

    /** Room for an answer by UDP that is longer than was asked for. */
    private static final int SPACE = 4096;

    private final DnsMessage query;
    private final int id = RANDOM.nextInt(1 << 16);
    private final Waiter waiter;
    private final Sockets sockets;
    private final boolean tcp;
    private @Nullable SocketAddress from;
    private @Nullable Channel channel;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean done;

    private Exchange(Sockets sockets, boolean tcp, DnsMessage query, Waiter waiter) {
        this.sockets = sockets;
        this.tcp = tcp;
        this.query = query;
        this.waiter = waiter;
    }

    /**
     * Asks.
     *
     * @param limit how long an answer by UDP may be
     */
    static Exchange begin(
            Sockets sockets,
            boolean tcp,
            InetSocketAddress server,
            DnsMessage query,
            int limit,
            Duration timeout,
            Waiter waiter) {
        Exchange exchange = new Exchange(sockets, tcp, query, waiter);
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(sockets.loop())
                        .channel(tcp ? sockets.stream() : sockets.datagrams())
                        .handler(exchange.new Pipeline());
        if (tcp) {
            bootstrap.option(
                    ChannelOption.CONNECT_TIMEOUT_MILLIS,
                    (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis())));
        } else {
            bootstrap.option(
                    ChannelOption.RECVBUF_ALLOCATOR,
                    new FixedRecvByteBufAllocator(Math.max(limit, SPACE)));
        }
        var connecting = bootstrap.connect(server);
        exchange.channel = connecting.channel();
        exchange.deadline =
                sockets.loop()
                        .schedule(
                                () -> exchange.finish(null),
                                timeout.toNanos(),
                                TimeUnit.NANOSECONDS);
        // A channel that could not even be made tells so on a thread of Netty's own.
        connecting.addListener(connected ->
                sockets.loop().execute(() -> exchange.connected(connected.isSuccess())));
        return exchange;
    }

    /** The answer is not wanted any more; nobody hears of it. */
    void cancel() {
        done = true;
        close();
    }

    private void connected(boolean success) {
        Channel to = channel;
        if (!success || to == null || done) {
            finish(null);
            return;
        }
        SocketAddress own = to.localAddress();
        if (own != null) {
            from = own;
            sockets.own().add(tcp, own);
        }
        ByteBuf message = Unpooled.buffer(query.end() + 2);
        if (tcp) {
            message.writeShort(query.end());
        }
        message.writeShort(id).writeBytes(query.bytes(), 2, query.end() - 2);
        to.writeAndFlush(message)
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        finish(null);
                    }
                });
    }

    private void received(ByteBuf content) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        DnsMessage answer = DnsMessage.read(bytes);
        if (answer != null && answer.answers(query, id)) {
            finish(bytes);
        }
    }

    private void finish(byte @Nullable [] answer) {
        if (!done) {
            done = true;
            close();
            waiter.heard(answer);
        }
    }

    private void close() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        sockets.own().remove(tcp, from);
        if (channel != null) {
            channel.close();
        }
    }

    /** Brings the exchange what comes. */
    private final class Pipeline extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel opened) {
            if (tcp) {
                opened.pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(MAX_MESSAGE + 2, 0, 2, 0, 2));
            }
            opened.pipeline().addLast(new Receiver());
        }
    }

    private final class Receiver extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                received(bytes);
            } else if (message instanceof DatagramPacket packet) {
                received(packet.content());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            finish(null);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            finish(null);
        }
    }
}
