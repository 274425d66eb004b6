package dev.attache.proxy.http;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.LoopWorker;
import dev.attache.proxy.http.h1.Http1ServerCodec;
import dev.attache.proxy.http.h2.Http2ServerCodec;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server on a real socket that does nothing but speak both protocols and echo bodies; the target
 * of h2spec and of socket tests. {@code main} takes a port.
 */
public final class CodecServer implements AutoCloseable {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listener;

    public CodecServer(int port, Http1Options http1, Http2Options http2) {
        listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel, http1, http2);
                                    }
                                })
                        .bind("127.0.0.1", port)
                        .syncUninterruptibly()
                        .channel();
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }

    private static void accept(Channel channel, Http1Options http1, Http2Options http2) {
        IpAddress address = IpAddress.of(new InetSocketAddress("127.0.0.1", 1));
        ConnectionInfo info = new ConnectionInfo(1, 0, 0, address, address);
        Sniffing sniffing = new Sniffing(http1, http2);
        Connection connection =
                new Connection(channel, new LoopWorker(channel.eventLoop()), info, sniffing);
        sniffing.connection = connection;
        connection.install();
    }

    /** Waits for the first bytes, then gives way to a codec. */
    private static final class Sniffing implements ConnectionHandler {
        private final Http1Options http1;
        private final Http2Options http2;
        private @Nullable Connection connection;
        private @Nullable CompositeByteBuf first;

        Sniffing(Http1Options http1, Http2Options http2) {
            this.http1 = http1;
            this.http2 = http2;
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            CompositeByteBuf all = first;
            if (all == null) {
                all = data.alloc().compositeBuffer();
                first = all;
            }
            all.addComponent(true, data);
            Connection on = java.util.Objects.requireNonNull(connection);
            HttpCodecSniffer.Verdict verdict = HttpCodecSniffer.sniff(all);
            if (verdict == HttpCodecSniffer.Verdict.NEED_MORE) {
                return;
            }
            first = null;
            Echo echo = new Echo(on);
            ConnectionHandler codec =
                    verdict == HttpCodecSniffer.Verdict.HTTP2
                            ? new Http2ServerCodec(on, http2, echo)
                            : new Http1ServerCodec(on, http1, echo);
            on.handler(codec);
            codec.onData(all, end);
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            if (first != null) {
                first.release();
            }
        }
    }

    private record Echo(Connection connection) implements ServerHttpConnection.Listener {
        @Override
        public RequestSink onStream(HttpStream response) {
            return new EchoSink(response);
        }

        @Override
        public void onConnectionError(String details, boolean flood) {
            connection.close(CloseType.FLUSH_WRITE_AND_HOLD, details);
        }
    }

    private static final class EchoSink implements RequestSink {
        private final HttpStream response;

        EchoSink(HttpStream response) {
            this.response = response;
        }

        private void answer(String status, boolean end) {
            Headers head = new Headers();
            head.add(HeaderName.STATUS, status);
            head.add(HeaderName.SERVER, "codec");
            response.headers(head, end);
        }

        @Override
        public void informational(Headers headers) {}

        @Override
        public void headers(Headers headers, boolean end) {
            answer("200", false);
            if (end) {
                ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer(16);
                body.writeBytes("hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                response.data(body, true);
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            response.data(chunk, end);
        }

        @Override
        public void trailers(Headers trailers) {
            response.trailers(trailers);
        }

        @Override
        public void reset(ResetReason why) {}

        @Override
        public void protocolError(int status, String details) {
            answer(Integer.toString(status), true);
        }

        @Override
        public void dispatchAborted() {
            answer("500", true);
        }

        @Override
        public void bodyWaits(int octets) {}

        @Override
        public void streamClosed() {}
    }

    public static void main(String[] args) throws InterruptedException {
        CodecServer server =
                new CodecServer(
                        Integer.parseInt(args[0]), Http1Options.DEFAULTS, Http2Options.DEFAULTS);
        System.out.println("listening on " + server.port());
        Thread.currentThread().join();
    }
}
