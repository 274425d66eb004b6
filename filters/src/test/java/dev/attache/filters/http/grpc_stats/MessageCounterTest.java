package dev.attache.filters.http.grpc_stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class MessageCounterTest {
    /**
     * A message of two bytes, an empty one, a compressed one of one byte, the start of one more.
     */
    private static final byte[] STREAM = {
        0, 0, 0, 0, 2, 9, 9, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 9, 0, 0
    };

    @Test
    void countsMessagesAsTheyBegin() {
        MessageCounter counter = new MessageCounter();
        assertThat(inspect(counter, 0, STREAM.length)).isEqualTo(4);
        assertThat(counter.total()).isEqualTo(4);
    }

    @Test
    void countsTheSameOneByteAtATime() {
        MessageCounter counter = new MessageCounter();
        for (int i = 0; i < STREAM.length; i++) {
            int begun = inspect(counter, i, 1);
            assertThat(begun).isEqualTo(i == 0 || i == 7 || i == 12 || i == 18 ? 1 : 0);
        }
        assertThat(counter.total()).isEqualTo(4);
    }

    private static int inspect(MessageCounter counter, int from, int length) {
        ByteBuf piece = Unpooled.wrappedBuffer(STREAM, from, length);
        int begun = counter.inspect(piece);
        assertThat(piece.readableBytes()).as("nothing is consumed").isEqualTo(length);
        return begun;
    }
}
