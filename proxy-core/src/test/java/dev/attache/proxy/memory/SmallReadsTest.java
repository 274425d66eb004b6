package dev.attache.proxy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.util.concurrent.FastThreadLocal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SmallReadsTest {

    @AfterEach
    void endOfThread() {
        FastThreadLocal.removeAll();
    }

    private static ByteBuf read(int size) {
        ExtendedHandle handle = (ExtendedHandle) new SmallReads(64, size, 64 * 1024).newHandle();
        return handle.allocate(PooledByteBufAllocator.DEFAULT);
    }

    @Test
    void readsGoIntoTheSameBufferWhereNobodyKeepsIt() {
        ByteBuf first = read(64);
        first.writeByte('a');
        first.release();
        ByteBuf second = read(512);
        assertThat(second).isSameAs(first);
        assertThat(second.isReadable()).isFalse();
        assertThat(second.writableBytes()).isEqualTo(512);
        second.release();
    }

    @Test
    void whatIsKeptIsLeftAlone() {
        ByteBuf kept = read(64);
        kept.writeByte('a');
        ByteBuf other = read(64);
        assertThat(other).isNotSameAs(kept);
        other.writeByte('b');
        assertThat(kept.refCnt()).isOne();
        assertThat(kept.getByte(0)).isEqualTo((byte) 'a');
        assertThat(kept.release()).isTrue();
        other.release();
    }

    @Test
    void aBufferThatWasMadeLargerServesNobodyElse() {
        ByteBuf first = read(64);
        first.capacity(4096).release();
        assertThat(first.refCnt()).isOne();
        ByteBuf second = read(64);
        assertThat(second.capacity()).isEqualTo(512);
        second.release();
    }

    @Test
    void sizesHaveBuffersOfTheirOwnAndLargeOnesAreNotKept() {
        ByteBuf small = read(512);
        ByteBuf middle = read(1024);
        ByteBuf large = read(4096);
        assertThat(middle.capacity()).isEqualTo(2048);
        assertThat(large.capacity()).isEqualTo(4096);
        assertThat(large.release()).isTrue();
        assertThat(middle.release()).isFalse();
        assertThat(small.release()).isFalse();
        FastThreadLocal.removeAll();
        assertThat(middle.refCnt()).isZero();
        assertThat(small.refCnt()).isZero();
    }
}
