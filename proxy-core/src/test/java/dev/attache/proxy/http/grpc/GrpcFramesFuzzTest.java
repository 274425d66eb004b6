package dev.attache.proxy.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.memory.WorkerMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages are the same however they are cut, and together they are what came. */
@Tag("wire")
class GrpcFramesFuzzTest {

    static Stream<byte[]> bodies() {
        return Stream.of(
                new byte[0],
                new byte[] {0, 0, 0, 0, 2, 1, 2, 1, 0, 0, 0, 0},
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0},
                new byte[] {(byte) 0x80, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1});
    }

    @MethodSource("bodies")
    @FuzzTest
    void areTheSameHoweverTheyAreCut(byte[] body) {
        List<String> whole = new ArrayList<>();
        MemoryAccount payer = new WorkerMemory(MemoryBudget.UNLIMITED).open(() -> {});
        GrpcFrames atOnce = new GrpcFrames(null);
        ByteBuf joined = Unpooled.buffer();
        read(atOnce, body, whole, joined);
        List<String> pieces = new ArrayList<>();
        GrpcFrames oneByOne = new GrpcFrames(payer);
        for (byte octet : body) {
            read(oneByOne, new byte[] {octet}, pieces, Unpooled.buffer());
        }
        assertThat(pieces).isEqualTo(whole);
        assertThat(oneByOne.kept()).isEqualTo(atOnce.kept());
        assertThat(payer.heapHeld()).isBetween((long) oneByOne.kept(), 2L * oneByOne.kept());
        assertThat(oneByOne.unfinished()).isEqualTo(atOnce.unfinished());
        assertThat(joined.compareTo(Unpooled.wrappedBuffer(body, 0, joined.readableBytes())))
                .isZero();
        assertThat(joined.readableBytes() == body.length).isNotEqualTo(atOnce.unfinished());
        oneByOne.close();
        assertThat(payer.heapHeld()).isZero();
    }

    private static void read(GrpcFrames frames, byte[] piece, List<String> into, ByteBuf joined) {
        ByteBuf data = Unpooled.wrappedBuffer(piece);
        for (GrpcFrames.Frame frame = frames.next(data); frame != null; frame = frames.next(data)) {
            into.add(frame.flags() + " " + frame.message().length);
            joined.writeBytes(frame.bytes());
        }
        assertThat(data.isReadable()).isFalse();
    }
}
