package io.netty.channel.epoll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandingInterestTest {
    private static final int BYTES = 20_000;
    private static final int BIG = 8_000_000;

    private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
    private final CompletableFuture<Integer> received = new CompletableFuture<>();

    private final class Server extends ChannelInboundHandlerAdapter {
        private int bytes;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            StandingInterest.keep(context.channel());
            accepted.complete(context.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytes += ((ByteBuf) message).readableBytes();
            ((ByteBuf) message).release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                received.complete(bytes);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            received.completeExceptionally(cause);
        }
    }

    /** The peer ends while reading is held; then it is read, and much is written. */
    @Test
    void aSocketThatWaitedForNothingReadsAndWritesAgain() throws Exception {
        assumeTrue(Epoll.isAvailable(), "skipped: epoll is Linux's");
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel server =
                    new ServerBootstrap()
                            .group(group)
                            .channel(EpollServerSocketChannel.class)
                            .childOption(ChannelOption.AUTO_READ, false)
                            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                            .childHandler(new Server())
                            .bind("127.0.0.1", 0)
                            .sync()
                            .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            try (Socket client = new Socket("127.0.0.1", port)) {
                client.setSoTimeout(10_000);
                Channel child = accepted.get(10, TimeUnit.SECONDS);
                client.getOutputStream().write(new byte[BYTES]);
                client.shutdownOutput();
                awaitEndSeen((AbstractEpollChannel) child);
                child.config().setAutoRead(true);
                assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(BYTES);
                child.writeAndFlush(child.alloc().buffer(BIG).writeZero(BIG));
                long left = BIG;
                byte[] chunk = new byte[65536];
                while (left > 0) {
                    int n = client.getInputStream().read(chunk);
                    assertThat(n).isPositive();
                    left -= n;
                }
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** Netty has taken note of the FIN when it no longer waits for it. */
    private static void awaitEndSeen(AbstractEpollChannel channel) throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (channel.eventLoop().submit(() -> channel.isFlagSet(Native.EPOLLRDHUP)).get()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }
}
