package dev.attache.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PieceQueueTest {

    private final WorkerMemory memory = new WorkerMemory(MemoryBudget.UNLIMITED);
    private final MemoryAccount account = memory.open(() -> {});
    private final PieceQueue queue = new PieceQueue();

    private void waits(ByteBuf piece) {
        queue.add(piece);
        queue.settle(account, UnpooledByteBufAllocator.DEFAULT);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void aByteAPieceCostsAboutAByte() {
        ByteBuf received = Unpooled.directBuffer(65536).writeZero(20000);
        for (int i = 0; i < 20000; i++) {
            waits(received.readRetainedSlice(1));
        }
        assertThat(received.refCnt()).as("nothing keeps what was received").isEqualTo(1);
        assertThat(account.directHeld()).isBetween(20000L, 24576L);
        assertThat(account.heapHeld()).isLessThan(2000);
        received.release();
        queue.release();
        assertThat(account.directHeld() + account.heapHeld()).isZero();
    }

    @Test
    void theOrderStaysWhateverTheSizes() {
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String text = Integer.toString(i).repeat(1 + i * i % 1500);
            expected.append(text);
            waits(bytes(text));
        }
        StringBuilder taken = new StringBuilder();
        int more = 20;
        while (queue.bytes() > 0) {
            ByteBuf piece = queue.take(777);
            assertThat(piece.readableBytes()).isBetween(1, 777);
            taken.append(piece.toString(StandardCharsets.US_ASCII));
            piece.release();
            if (more-- > 0) {
                expected.append('x');
                waits(bytes("x"));
            }
        }
        assertThat(taken.toString()).isEqualTo(expected.toString());
        assertThat(account.directHeld() + account.heapHeld()).isZero();
    }

    @Test
    void whatPassesThroughIsNotCharged() {
        queue.add(bytes("hello"));
        ByteBuf taken = queue.take(10);
        queue.settle(account, UnpooledByteBufAllocator.DEFAULT);
        assertThat(taken.release()).isTrue();
        assertThat(account.directHeld() + account.heapHeld()).isZero();
    }

    @Test
    void anotherMayTakeThePaymentOver() {
        MemoryAccount other = memory.open(() -> {});
        waits(bytes("x".repeat(5000)));
        queue.chargeTo(other);
        assertThat(account.directHeld() + account.heapHeld()).isZero();
        assertThat(other.directHeld()).isEqualTo(5000);
        queue.release();
        assertThat(memory.directHeld() + memory.heapHeld()).isZero();
    }
}
