package dev.attache.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StraightWriteTest {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<ChannelHandlerContext> accepted = new LinkedBlockingQueue<>();
    private Socket client;
    private ChannelHandlerContext own;

    @BeforeEach
    void connect() throws Exception {
        Channel listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(EpollServerSocketChannel.class)
                        .childOption(ChannelOption.SO_SNDBUF, 8 * 1024)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast("own", new ChannelInboundHandlerAdapter());
                                        accepted.add(channel.pipeline().context("own"));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
        client = new Socket("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
        own = accepted.poll(5, TimeUnit.SECONDS);
        assertThat(own).isNotNull();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private <T> T onLoop(Callable<T> task) {
        return own.channel().eventLoop().submit(task).syncUninterruptibly().getNow();
    }

    private int send(ByteBuf data) {
        try {
            return onLoop(() -> StraightWrite.send(own.channel(), own, data));
        } finally {
            data.release();
        }
    }

    private static ByteBuf bytes(int count) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(count).writeZero(count);
    }

    @Test
    void sendsWhatTheSocketTakes() throws Exception {
        ByteBuf data =
                PooledByteBufAllocator.DEFAULT
                        .directBuffer()
                        .writeBytes(new byte[] {'x', 'h', 'i'});
        data.skipBytes(1);
        assertThat(send(data)).isEqualTo(2);
        assertThat(client.getInputStream().readNBytes(2)).asString().isEqualTo("hi");
    }

    @Test
    void leavesTheRestWhereTheSocketIsFull() {
        int large = 32 * 1024 * 1024;
        onLoop(() ->
                own.channel()
                        .config()
                        .setOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(large, 2 * large)));
        ByteBuf data = bytes(large);
        int sent = onLoop(() -> StraightWrite.send(own.channel(), own, data));
        assertThat(sent).isPositive().isLessThan(large);
        assertThat(data.readableBytes()).isEqualTo(large - sent);
        while (onLoop(() -> StraightWrite.send(own.channel(), own, data)) > 0) {
            // until nobody has room: the client does not read
        }
        assertThat(data.isReadable()).isTrue();
        data.release();
    }

    @Test
    void isClosedWhereSomethingStandsInFront() {
        onLoop(() -> own.pipeline().addFirst(new ChannelOutboundHandlerAdapter()));
        assertThat(send(bytes(10))).isZero();
    }

    @Test
    void isClosedBehindWhatWaits() {
        onLoop(() -> own.channel().write(bytes(10)));
        assertThat(send(bytes(10))).isZero();
    }

    @Test
    void isClosedWhereTheQueueWouldTellOfAWatermark() {
        onLoop(() ->
                own.channel()
                        .config()
                        .setOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(500, 1000)));
        assertThat(send(bytes(904))).isEqualTo(904);
        assertThat(send(bytes(905))).isZero();
    }

    @Test
    void isClosedForBuffersOfTheHeapAndOnAClosedChannel() {
        assertThat(send(Unpooled.wrappedBuffer(new byte[10]))).isZero();
        own.channel().close().syncUninterruptibly();
        assertThat(send(bytes(10))).isZero();
    }
}
