package dev.attache.filters.http.grpc_stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames of gRPC are as many however they are cut, and as many as reading them one by one finds.
 */
@Tag("wire")
class MessageCounterFuzzTest {

    static Stream<byte[]> frames() {
        return Stream.of(
                new byte[] {0, 0, 0, 0, 2, 1, 2, 1, 0, 0, 0, 0},
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {(byte) 0x80, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1});
    }

    @MethodSource("frames")
    @FuzzTest
    void countsTheSameHoweverTheyAreCut(byte[] bytes) {
        MessageCounter whole = new MessageCounter();
        assertThat(whole.inspect(Unpooled.wrappedBuffer(bytes))).isEqualTo((int) whole.total());
        MessageCounter cut = new MessageCounter();
        for (byte octet : bytes) {
            assertThat(cut.inspect(Unpooled.wrappedBuffer(new byte[] {octet}))).isBetween(0, 1);
        }
        assertThat(cut.total()).isEqualTo(whole.total()).isEqualTo(oneByOne(bytes));
    }

    private static long oneByOne(byte[] bytes) {
        long count = 0;
        long at = 0;
        while (at < bytes.length) {
            count++;
            long length = 0;
            for (int i = 1; i < 5 && at + i < bytes.length; i++) {
                length = length << 8 | bytes[(int) at + i] & 0xff;
            }
            at += 5 + length;
        }
        return count;
    }
}
