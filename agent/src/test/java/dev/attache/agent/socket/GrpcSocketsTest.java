package dev.attache.agent.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.grpc.BytesMarshaller;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients on one of the agent's sockets, and those that mean no good. */
class GrpcSocketsTest {

    private static final int SETTINGS = 4;
    private static final int HEADERS = 1;
    private static final int DATA = 0;
    private static final int GO_AWAY = 7;

    private static final MethodDescriptor<byte[], byte[]> SAY =
            method("Say", MethodDescriptor.MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> WAIT =
            method("Wait", MethodDescriptor.MethodType.UNARY);

    @TempDir Path directory;

    private final GrpcSockets sockets = new GrpcSockets();
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<StreamObserver<byte[]>> waiting = new ArrayList<>();
    private Path path = Path.of("");

    @BeforeEach
    void where() {
        path = directory.resolve("socket");
    }

    @AfterEach
    void end() throws Exception {
        sockets.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static MethodDescriptor<byte[], byte[]> method(
            String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .setRequestMarshaller(BytesMarshaller.INSTANCE)
                .setResponseMarshaller(BytesMarshaller.INSTANCE)
                .build();
    }

    private void serve(GrpcSockets.Limits limits) throws IOException {
        BindableService service =
                () ->
                        ServerServiceDefinition.builder("test.Echo")
                                .addMethod(
                                        SAY,
                                        ServerCalls.asyncUnaryCall(
                                                (byte[] said, StreamObserver<byte[]> answer) -> {
                                                    answer.onNext(said);
                                                    answer.onCompleted();
                                                }))
                                .addMethod(
                                        WAIT,
                                        ServerCalls.asyncUnaryCall(
                                                (byte[] said, StreamObserver<byte[]> answer) -> {
                                                    synchronized (waiting) {
                                                        waiting.add(answer);
                                                    }
                                                }))
                                .build();
        sockets.serve(path.toString(), path, service, limits);
    }

    private static boolean eventually(BooleanSupplier condition) throws InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > limit) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    private int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private ManagedChannel channel() {
        return NettyChannelBuilder.forAddress(new DomainSocketAddress(path.toString()))
                .eventLoopGroup(loop)
                .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                .usePlaintext()
                .build();
    }

    private static String say(ManagedChannel channel, String text) {
        byte[] answer =
                ClientCalls.blockingUnaryCall(
                        channel,
                        SAY,
                        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                        text.getBytes(StandardCharsets.UTF_8));
        return new String(answer, StandardCharsets.UTF_8);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(path));
        return socket;
    }

    @Test
    void connectionsBeyondThoseOfOneUserAreClosed() throws Exception {
        serve(new GrpcSockets.Limits(1000, 100, 5, 100, 10_000));
        ManagedChannel proxy = channel();
        List<SocketChannel> others = new ArrayList<>();
        try {
            assertThat(say(proxy, "first")).isEqualTo("first");
            for (int i = 0; i < 20; i++) {
                others.add(connect());
            }
            for (SocketChannel refused : others.subList(4, 20)) {
                InputStream in = Channels.newInputStream(refused);
                assertThat(in.read()).as("the end").isEqualTo(-1);
            }
            assertThat(say(proxy, "still")).isEqualTo("still");
            for (SocketChannel other : others) {
                other.close();
            }
            assertThat(eventually(this::answers)).isTrue();
        } finally {
            proxy.shutdownNow();
            for (SocketChannel other : others) {
                other.close();
            }
        }
    }

    private boolean answers() {
        ManagedChannel another = channel();
        try {
            return say(another, "again").equals("again");
        } catch (StatusRuntimeException notYet) {
            return false;
        } finally {
            another.shutdownNow();
        }
    }

    @Test
    void callsBeyondTheMostAreRefusedAndEndedOnesMakeRoom() throws Exception {
        serve(new GrpcSockets.Limits(1000, 100, 10, 3, 10_000));
        ManagedChannel greedy = channel();
        ManagedChannel other = channel();
        List<Future<byte[]>> calls = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                calls.add(
                        ClientCalls.futureUnaryCall(
                                greedy.newCall(WAIT, CallOptions.DEFAULT), new byte[0]));
            }
            assertThat(eventually(() -> waiting() == 3)).isTrue();
            assertThatThrownBy(() -> say(other, "no"))
                    .hasMessage("RESOURCE_EXHAUSTED: the agent has 3 calls on this socket already");
            greedy.shutdownNow();
            assertThat(eventually(this::answers)).isTrue();
            assertThat(calls).allMatch(Future::isDone);
        } finally {
            greedy.shutdownNow();
            other.shutdownNow();
        }
    }

    /** Each message is as long as may be, and none of them ends. */
    @Test
    void messagesThatDoNotEndAreHeldUpToTheMost() throws Exception {
        serve(new GrpcSockets.Limits(50_000, 100, 10, 100, 100_000));
        ManagedChannel proxy = channel();
        try (SocketChannel socket = connect()) {
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(socket));
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            frame(out, SETTINGS, 0, 0, new byte[0]);
            DataInputStream in = new DataInputStream(Channels.newInputStream(socket));
            for (int stream = 1; stream <= 5; stream += 2) {
                frame(out, HEADERS, 4, stream, head());
                byte[] part = new byte[10_000];
                part[3] = (byte) (50_000 >> 8);
                part[4] = (byte) 50_000;
                for (int sent = 0; sent < 4; sent++) {
                    frame(out, DATA, 0, stream, part);
                    part = new byte[10_000];
                }
            }
            // Streams are read by threads of their own: which one is over the limit is chance.
            assertThat(firstAnswered(in)).isIn(1, 3, 5);
            assertThat(say(proxy, "served")).isEqualTo("served");
        } finally {
            proxy.shutdownNow();
        }
    }

    /** The stream whose end is told first. */
    private static int firstAnswered(DataInputStream in) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readUnsignedByte();
            int stream = in.readInt();
            in.skipNBytes(length);
            assertThat(type).as("frame").isNotEqualTo(GO_AWAY);
            if (type == HEADERS) {
                return stream;
            }
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] body)
            throws IOException {
        out.writeByte(body.length >> 16);
        out.writeShort(body.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(body);
        out.flush();
    }

    /** POST, http, the path, the type and trailers (RFC 7541, without the dynamic table). */
    private static byte[] head() {
        String path = "/test.Echo/Say";
        String type = "application/grpc";
        return ("\u0083\u0086\u0004"
                        + (char) path.length()
                        + path
                        + "\u0001\u0001a\u000f\u0010"
                        + (char) type.length()
                        + type
                        + "\u0000\u0002te\u0008trailers")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
