package dev.attache.proxy.upstream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An HTTP/2 server that answers when the test says so, one connection handler per connection. */
final class Http2Upstream implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Peer> peers = new CopyOnWriteArrayList<>();
    private final Channel server;
    private volatile boolean answering = true;

    Http2Upstream(long maxConcurrentStreams) throws InterruptedException {
        server =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        Peer peer = new Peer();
                                        peers.add(peer);
                                        channel.pipeline()
                                                .addLast(
                                                        Http2FrameCodecBuilder.forServer()
                                                                .initialSettings(
                                                                        Http2Settings
                                                                                .defaultSettings()
                                                                                .maxConcurrentStreams(
                                                                                        maxConcurrentStreams))
                                                                .build(),
                                                        peer);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    List<Peer> peers() {
        return peers;
    }

    int waiting() {
        return peers.stream().mapToInt(peer -> peer.waiting.size()).sum();
    }

    /** Requests wait for {@link #answerAll()} from now on. */
    void holdAnswers() {
        answering = false;
    }

    void answerAll() {
        answering = true;
        for (Peer peer : peers) {
            peer.run(() -> {
                for (Http2FrameStream stream : peer.waiting) {
                    peer.answer(stream);
                }
                peer.waiting.clear();
            });
        }
    }

    final class Peer extends ChannelInboundHandlerAdapter {
        private final List<Http2FrameStream> waiting = new CopyOnWriteArrayList<>();
        private volatile ChannelHandlerContext context;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        private void run(Runnable action) {
            context.executor().execute(action);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame head && head.isEndStream()) {
                if (answering) {
                    answer(head.stream());
                } else {
                    waiting.add(head.stream());
                }
            }
            ReferenceCountUtil.release(message);
        }

        private void answer(Http2FrameStream stream) {
            context.write(
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"))
                            .stream(stream));
            context.writeAndFlush(
                    new DefaultHttp2DataFrame(
                                    Unpooled.copiedBuffer("h2", StandardCharsets.US_ASCII), true)
                            .stream(stream));
        }

        void goAway() {
            run(() -> context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR)));
        }
    }

    @Override
    public void close() throws Exception {
        server.close().sync();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).get();
    }
}
