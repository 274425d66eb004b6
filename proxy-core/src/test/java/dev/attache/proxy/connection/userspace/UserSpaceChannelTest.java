package dev.attache.proxy.connection.userspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An internal connection behaves as a socket does. */
final class UserSpaceChannelTest {

    private static final int LIMIT = 1000;

    private final EventLoop loop = new DefaultEventLoop();
    private final Recorder client = new Recorder();
    private final Recorder server = new Recorder();
    private final UserSpaceChannel.Pair pair = onLoop(this::connect);
    private final List<ByteBuf> written = new ArrayList<>();

    /** What happens at one end, in order. */
    private static final class Recorder extends ChannelInboundHandlerAdapter {

        private final List<String> events = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf data = (ByteBuf) message;
            text.append(data.toString(StandardCharsets.US_ASCII));
            data.release();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            events.add(context.channel().isWritable() ? "low" : "high");
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                events.add("end");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            events.add(cause.getMessage());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            events.add("closed");
        }
    }

    private UserSpaceChannel.Pair connect() {
        UserSpaceChannel.Pair made =
                UserSpaceChannel.pair(new InternalAddress("inner", "e"), LIMIT);
        made.client().pipeline().addLast(client);
        made.server().pipeline().addLast(server);
        for (Channel end : List.of(made.client(), made.server())) {
            end.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            loop.register(end);
        }
        return made;
    }

    @AfterEach
    void nothingIsLeft() {
        settle(() -> {
            pair.client().close();
            pair.server().close();
        });
        loop.shutdownGracefully();
        assertThat(written).allSatisfy(data -> assertThat(data.refCnt()).isZero());
    }

    private <T> T onLoop(Callable<T> task) {
        return loop.submit(task).syncUninterruptibly().getNow();
    }

    /** Does it on the loop and waits until nothing is left to do there. */
    private void settle(Runnable task) {
        onLoop(() -> {
            task.run();
            return true;
        });
        for (int i = 0; i < 20; i++) {
            onLoop(() -> true);
        }
    }

    private void write(Channel from, String text) {
        ByteBuf data = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        written.add(data);
        from.writeAndFlush(data);
    }

    @Test
    void knowsItsAddresses() {
        assertThat(Address.of(pair.server().localAddress())).hasToString("envoy://inner/e");
        assertThat(Address.of(pair.client().localAddress()))
                .hasToString("envoy://internal_client_address/");
        assertThat(Address.of(pair.client().remoteAddress())).hasToString("envoy://inner/e");
    }

    @Test
    void bytesArriveInTheNextTaskAtTheEarliest() {
        settle(() -> {
            write(pair.client(), "ping");
            assertThat(server.text).isEmpty();
        });
        assertThat(server.text).hasToString("ping");
        settle(() -> write(pair.server(), "pong"));
        assertThat(client.text).hasToString("pong");
    }

    @Test
    void aReaderThatHoldsMakesTheWriterWait() {
        settle(() -> {
            pair.server().config().setAutoRead(false);
            pair.client().config().setWriteBufferWaterMark(new WriteBufferWaterMark(300, 600));
            write(pair.client(), "x".repeat(LIMIT));
            write(pair.client(), "y".repeat(700));
        });
        assertThat(server.text).isEmpty();
        // Above the mark with the first as well, until that had gone over.
        assertThat(client.events).endsWith("high");
        assertThat(pair.client().isWritable()).isFalse();
        settle(() -> pair.server().config().setAutoRead(true));
        assertThat(server.text).hasToString("x".repeat(LIMIT) + "y".repeat(700));
        assertThat(client.events).endsWith("low");
    }

    /** Each came in a buffer of its own, which would cost much more than the byte. */
    @Test
    void littleThatWaitsDoesNotKeepWhatItCameIn() {
        settle(() -> {
            pair.server().config().setAutoRead(false);
            for (int i = 0; i < 100; i++) {
                write(pair.client(), i % 10 == 0 ? "#" : ".");
            }
        });
        assertThat(written.subList(1, 100)).allMatch(data -> data.refCnt() == 0);
        settle(() -> pair.server().config().setAutoRead(true));
        assertThat(server.text).hasToString("#.........".repeat(10));
        settle(() -> {
            pair.server().config().setAutoRead(false);
            write(pair.client(), "a");
            write(pair.client(), "b");
        });
        settle(() -> pair.server().config().setAutoRead(true));
        assertThat(server.text).endsWith(".ab");
    }

    @Test
    void whatWaitsIsTold() {
        int[] held = {0};
        settle(() -> {
            pair.server().config().setAutoRead(false);
            pair.server().holder(bytes -> held[0] += bytes);
            write(pair.client(), "twelve bytes");
        });
        assertThat(held[0]).isEqualTo(12);
        settle(() -> pair.server().close());
        assertThat(held[0]).isZero();
    }

    @Test
    void anEndComesBehindWhatWasWrittenAndLeavesTheOtherDirection() {
        settle(() -> {
            write(pair.client(), "last words");
            pair.client().shutdownOutput();
        });
        assertThat(server.text).hasToString("last words");
        assertThat(server.events).containsExactly("end");
        settle(() -> write(pair.server(), "answer"));
        assertThat(client.text).hasToString("answer");
    }

    @Test
    void closingAfterBothEndsIsNoReset() {
        settle(() -> pair.client().shutdownOutput());
        settle(() -> pair.server().shutdownOutput());
        settle(() -> pair.client().close());
        assertThat(server.events).containsExactly("end");
    }

    @Test
    void closingWithoutAnEndIsAResetBehindWhatWasWritten() {
        settle(() -> {
            write(pair.client(), "last words");
            pair.client().close();
        });
        assertThat(server.text).hasToString("last words");
        assertThat(server.events).containsExactly("Connection reset by peer", "closed");
    }

    @Test
    void closingBehindTheOthersEndIsAnEnd() {
        settle(() -> pair.client().shutdownOutput());
        settle(() -> {
            write(pair.server(), "last words");
            pair.server().close();
        });
        assertThat(client.text).hasToString("last words");
        assertThat(client.events).containsExactly("end");
    }

    @Test
    void aResetReachesOneWhoDoesNotRead() {
        settle(() -> {
            pair.server().config().setAutoRead(false);
            write(pair.client(), "never read");
        });
        settle(() -> pair.client().close());
        assertThat(server.text).isEmpty();
        assertThat(server.events).containsExactly("Connection reset by peer", "closed");
    }

    @Test
    void aWriterWhoWaitsFindsThatThePeerIsGone() {
        settle(() -> {
            pair.server().config().setAutoRead(false);
            write(pair.client(), "x".repeat(3 * LIMIT));
            pair.server().shutdownOutput();
        });
        settle(() -> pair.server().close());
        assertThat(client.events).endsWith("closed");
    }

    @Test
    void bothMayCloseInOneTask() {
        settle(() -> {
            write(pair.client(), "a");
            write(pair.server(), "b");
            pair.client().close();
            pair.server().close();
        });
        assertThat(client.events).containsExactly("closed");
        assertThat(server.events).containsExactly("closed");
    }
}
