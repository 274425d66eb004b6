package dev.attache.server.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerQueueTest {
    private final AdminResponseEncoder encoder = new AdminResponseEncoder();
    private final AnswerQueue queue = new AnswerQueue(encoder);
    private final EmbeddedChannel channel =
            new EmbeddedChannel(
                    encoder,
                    new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            queue.close();
                        }
                    });
    private final ChannelHandlerContext ctx = channel.pipeline().lastContext();
    private final List<Long> sent = new ArrayList<>();

    /** That many pieces of one letter, and how many were made. */
    private static final class Letters implements AdminBody {
        private final char letter;
        private final int pieces;
        private final int size;
        private int made;

        Letters(char letter, int pieces, int size) {
            this.letter = letter;
            this.pieces = pieces;
            this.size = size;
        }

        @Override
        public byte[] next() {
            if (made == pieces) {
                return null;
            }
            made++;
            return String.valueOf(letter).repeat(size).getBytes(StandardCharsets.US_ASCII);
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void add(AdminBody body, boolean close) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        queue.expect(ctx);
        queue.add(ctx, new AnswerQueue.Answer(head, body, close, sent::add));
    }

    private String written() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.append(out.toString(StandardCharsets.US_ASCII));
            out.release();
        }
        return all.toString();
    }

    private void run() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    @Test
    void answersComeInOrderAndWhole() {
        add(new Letters('a', 2, 3), false);
        add(null, false);
        add(new Letters('b', 0, 0), true);
        run();
        String head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assertThat(written())
                .isEqualTo(head + "3\r\naaa\r\n3\r\naaa\r\n0\r\n\r\n" + head + head + "0\r\n\r\n");
        assertThat(sent).containsExactly(6L, 0L, 0L);
        assertThat(channel.isOpen()).isFalse();
    }

    /** Nothing is made that the socket does not take, and no request read meanwhile. */
    @Test
    void waitsForTheSocket() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        Letters letters = new Letters('a', 1000, 60);
        add(letters, false);
        add(new Letters('b', 1, 1), false);
        run();
        assertThat(letters.made).isLessThan(10);
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        queue.proceed(ctx);
        while (sent.size() < 2) {
            run();
        }
        assertThat(written()).endsWith("1\r\nb\r\n0\r\n\r\n");
        assertThat(letters.made).isEqualTo(1000);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void aClientThatLeavesEndsTheWork() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        Letters first = new Letters('a', 1000, 60);
        Letters second = new Letters('b', 1000, 60);
        add(first, false);
        add(second, false);
        run();
        int made = first.made;
        channel.close();
        run();
        queue.proceed(ctx);
        assertThat(first.made).isEqualTo(made);
        assertThat(second.made).isZero();
        assertThat(sent).as("each is told once").hasSize(2);
    }

    /** The client sees that it is not whole: the last chunk is missing. */
    @Test
    void aBodyThatFailsEndsTheConnection() {
        add(
                () -> {
                    throw new IllegalStateException("as the test wants");
                },
                false);
        run();
        assertThat(channel.isOpen()).isFalse();
        assertThat(written()).doesNotContain("0\r\n\r\n");
    }
}
