package dev.attache.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On real sockets, since closing is what embedded channels do not show. */
class ConnectionTest {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();
    private Consumer<Connection> setUp = connection -> {};
    private @Nullable SslContext tls;

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private int listen() {
        Channel listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private void accept(Channel channel) {
        IpAddress address = IpAddress.of(new InetSocketAddress("127.0.0.1", 1));
        ConnectionInfo info = new ConnectionInfo(1, 0, 0, address, address);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        Connection connection =
                new Connection(channel, new LoopWorker(channel.eventLoop()), info, new Recorder());
        connection.install();
        setUp.accept(connection);
        accepted.add(connection);
    }

    private class Recorder implements ConnectionHandler {
        @Override
        public void onData(ByteBuf data, boolean end) {
            String text = data.toString(StandardCharsets.ISO_8859_1);
            data.release();
            events.add(end ? "end" + text : "data " + text);
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            events.add(event.name());
        }

        @Override
        public void onAboveHighWatermark() {
            events.add("above");
        }

        @Override
        public void onBelowLowWatermark() {
            events.add("below");
        }
    }

    private String event() throws InterruptedException {
        return String.valueOf(events.poll(5, TimeUnit.SECONDS));
    }

    private Connection connection() throws InterruptedException {
        Connection connection = accepted.poll(5, TimeUnit.SECONDS);
        assertThat(connection).isNotNull();
        return connection;
    }

    private static void on(Connection connection, Runnable action) {
        connection.worker().eventLoop().submit(action).syncUninterruptibly();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void passesHalfCloseBothWaysThenCloses() throws Exception {
        setUp = connection -> connection.enableHalfClose(true);
        try (Socket client = new Socket("127.0.0.1", listen())) {
            client.getOutputStream().write("hi".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(event()).isEqualTo("data hi");
            client.shutdownOutput();
            assertThat(event()).isEqualTo("end");
            Connection connection = connection();
            on(
                    connection,
                    () -> {
                        connection.write(bytes("reply"));
                        connection.shutdownOutput();
                    });
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("reply");
            assertThat(event()).isEqualTo("REMOTE_CLOSE");
            assertThat(connection.endedLast()).isTrue();
        }
    }

    @Test
    void whoWaitsForTheEndComesAfterTheHandlerInOrder() throws Exception {
        setUp =
                connection -> {
                    connection.afterClosed(() -> events.add("first"));
                    connection.afterClosed(() -> {
                        events.add("second");
                        connection.afterClosed(() -> events.add("too late"));
                    });
                };
        try (Socket client = new Socket("127.0.0.1", listen())) {
            Connection connection = connection();
            on(connection, () -> connection.close(CloseType.NO_FLUSH, null));
            assertThat(event()).isEqualTo("LOCAL_CLOSE");
            assertThat(event()).isEqualTo("first");
            assertThat(event()).isEqualTo("second");
            assertThat(event()).isEqualTo("too late");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void overAChannelThatHasEndedTheEndIsHeardToo() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (Socket client = new Socket("127.0.0.1", listen())) {
            Connection first = connection();
            first.afterClosed(gone::countDown);
            client.close();
            assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(event()).isEqualTo("REMOTE_CLOSE");
            on(first, () -> accept(first.channel()));
            assertThat(event()).isEqualTo("REMOTE_CLOSE");
        }
    }

    @Test
    void withoutHalfCloseAFinCloses() throws Exception {
        try (Socket client = new Socket("127.0.0.1", listen())) {
            connection();
            client.shutdownOutput();
            assertThat(event()).isEqualTo("REMOTE_CLOSE");
        }
    }

    @Test
    void delayedCloseDeliversEverythingThoughThePeerStillSends() throws Exception {
        setUp = connection -> connection.bufferLimit(0);
        try (Socket client = new Socket("127.0.0.1", listen())) {
            client.getOutputStream().write("request".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(event()).isEqualTo("data request");
            Connection connection = connection();
            String answer = "x".repeat(3_000_000);
            on(
                    connection,
                    () -> {
                        connection.delayedCloseTimeout(60_000);
                        connection.write(bytes(answer));
                        connection.close(CloseType.FLUSH_WRITE_AND_DELAY, "why");
                    });
            client.getOutputStream().write("late".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(client.getInputStream().readAllBytes()).hasSize(answer.length());
            assertThat(events).isEmpty();
            client.close();
            assertThat(event()).isEqualTo("LOCAL_CLOSE");
            assertThat(connection.info().terminationDetails()).isEqualTo("why");
            assertThat(connection.worker().timers().pending()).isZero();
        }
    }

    @Test
    void delayedCloseDoesNotWaitForEver() throws Exception {
        try (Socket client = new Socket("127.0.0.1", listen())) {
            Connection connection = connection();
            on(
                    connection,
                    () -> {
                        connection.delayedCloseTimeout(20);
                        connection.close(CloseType.FLUSH_WRITE_AND_DELAY, null);
                    });
            assertThat(event()).isEqualTo("LOCAL_CLOSE");
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** As Envoy does: no FIN that calls it back, nothing read that it still sends. */
    @Test
    void aPeerThatBrokeTheProtocolIsHeldUnreadAndUntold() {
        EmbeddedConnection wire = new EmbeddedConnection();
        Connection connection = wire.connection();
        connection.handler(new Recorder());
        connection.delayedCloseTimeout(1000);
        connection.onDelayedCloseTimeout(() -> events.add("timeout"));
        connection.input().hold();
        connection.write(bytes("goaway"));
        connection.close(CloseType.FLUSH_WRITE_AND_HOLD, "why");
        assertThat(wire.writtenText()).isEqualTo("goaway");
        connection.input().release();
        assertThat(wire.channel().config().isAutoRead()).isFalse();
        wire.advance(900);
        assertThat(wire.channel().isOpen()).isTrue();
        assertThat(events).isEmpty();
        wire.advance(200);
        assertThat(events).containsExactly("timeout", "LOCAL_CLOSE");
        assertThat(connection.worker().timers().pending()).isZero();
        wire.finish();
    }

    /** On epoll; what else reads nothing then waits for the time to be over. */
    @Test
    void aPeerThatIsHeldAndLeavesIsLetGo() {
        EmbeddedConnection wire = new EmbeddedConnection();
        Connection connection = wire.connection();
        connection.handler(
                new Recorder() {
                    @Override
                    public void onData(ByteBuf data, boolean end) {
                        super.onData(data, end);
                        connection.close(CloseType.FLUSH_WRITE_AND_HOLD, null);
                        // Read in one go with what broke the protocol.
                        wire.channel().pipeline().fireChannelRead(bytes("more"));
                    }
                });
        connection.delayedCloseTimeout(60_000);
        wire.feed("bad");
        assertThat(wire.channel().isOpen()).isTrue();
        wire.feed("read with the FIN");
        assertThat(events).containsExactly("data bad", "LOCAL_CLOSE");
        wire.finish();
    }

    @Test
    void aPeerThatBrokeTheProtocolCannotBuyTimeByReading() {
        EmbeddedConnection wire = new EmbeddedConnection();
        Connection connection = wire.connection();
        connection.handler(new Recorder());
        connection.delayedCloseTimeout(1000);
        wire.stopTaking();
        connection.write(bytes("x".repeat(5000)));
        connection.write(bytes("y".repeat(5000)));
        connection.close(CloseType.FLUSH_WRITE_AND_HOLD, null);
        wire.advance(900);
        wire.takeAgain();
        wire.advance(200);
        assertThat(events).containsExactly("LOCAL_CLOSE");
        wire.finish();
    }

    @Test
    void aFlushThatGetsNowhereIsGivenUp() throws Exception {
        setUp = connection -> connection.bufferLimit(0);
        try (Socket client = new Socket("127.0.0.1", listen())) {
            Connection connection = connection();
            on(
                    connection,
                    () -> {
                        connection.delayedCloseTimeout(50);
                        connection.write(bytes("x".repeat(20_000_000)));
                        connection.close(CloseType.FLUSH_WRITE, null);
                    });
            assertThat(event()).isEqualTo("LOCAL_CLOSE");
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void abortIsAReset() throws Exception {
        try (Socket client = new Socket("127.0.0.1", listen())) {
            Connection connection = connection();
            on(connection, () -> connection.close(CloseType.ABORT_RESET, null));
            assertThat(event()).isEqualTo("LOCAL_CLOSE");
            InputStream in = client.getInputStream();
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aResetOfThePeerIsToldApart() throws Exception {
        int port = listen();
        Socket client = new Socket("127.0.0.1", port);
        connection();
        client.setSoLinger(true, 0);
        client.close();
        assertThat(event()).isEqualTo("REMOTE_RESET");
    }

    @Test
    void aHeldValveStopsReading() throws Exception {
        setUp = connection -> connection.input().hold();
        try (Socket client = new Socket("127.0.0.1", listen())) {
            client.getOutputStream().write("hi".getBytes(StandardCharsets.ISO_8859_1));
            Connection connection = connection();
            assertThat(events.poll(50, TimeUnit.MILLISECONDS)).isNull();
            on(connection, () -> connection.input().release());
            assertThat(event()).isEqualTo("data hi");
        }
    }

    @Test
    void tellsItsWatermarks() throws Exception {
        setUp = connection -> connection.bufferLimit(64 * 1024);
        try (Socket client = new Socket("127.0.0.1", listen())) {
            Connection connection = connection();
            String much = "x".repeat(10_000_000);
            on(connection, () -> connection.write(bytes(much)));
            assertThat(event()).isEqualTo("above");
            assertThat(client.getInputStream().readNBytes(much.length())).hasSize(much.length());
            assertThat(event()).isEqualTo("below");
        }
    }

    @Test
    void smallPiecesLeaveAsOne() {
        EmbeddedConnection wire = new EmbeddedConnection();
        wire.connection().output(4).writeBytes(new byte[] {'h', 'e', 'a', 'd'});
        wire.connection().write(bytes(" body"));
        wire.connection().write(bytes("x".repeat(3000)));
        assertThat(wire.connection().bytesSent()).isEqualTo(3009);
        wire.channel().runPendingTasks();
        assertThat(wire.channel().outboundMessages()).hasSize(2);
        assertThat(wire.writtenText()).isEqualTo("head body" + "x".repeat(3000));
        wire.connection().handler(new Recorder());
        wire.finish();
    }

    @Test
    void overTlsADelayedCloseSaysSoAtOnce() throws Exception {
        setUp = connection -> connection.bufferLimit(0);
        tls =
                SslContextBuilder.forServer(
                                ConnectionTest.class.getResourceAsStream("cert.pem"),
                                ConnectionTest.class.getResourceAsStream("key.pem"))
                        .sslProvider(SslProvider.JDK)
                        .build();
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (Socket client = trusting.getSocketFactory().createSocket("127.0.0.1", listen())) {
            client.getOutputStream().write("hi".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(event()).isEqualTo("data hi");
            Connection connection = connection();
            on(
                    connection,
                    () -> {
                        connection.delayedCloseTimeout(60_000);
                        connection.write(bytes("y".repeat(500_000)));
                        connection.close(CloseType.FLUSH_WRITE_AND_DELAY, null);
                    });
            assertThat(client.getInputStream().readAllBytes()).hasSize(500_000);
            client.close();
            assertThat(event()).isEqualTo("LOCAL_CLOSE");
            assertThat(connection.worker().timers().pending()).isZero();
        }
    }
}
