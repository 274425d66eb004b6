package dev.attache.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpareTailsTest {

    @AfterEach
    void endOfThread() {
        FastThreadLocal.removeAll();
    }

    private static ByteBuf take(int room) {
        return SpareTails.take(room, PooledByteBufAllocator.DEFAULT);
    }

    @Test
    void servesTheNextAndIsReleasedWithItsThread() {
        ByteBuf first = take(10);
        first.writeByte('a').skipBytes(1);
        SpareTails.giveBack(first);
        ByteBuf second = take(4096);
        assertThat(second).isSameAs(first);
        assertThat(second.writableBytes()).isEqualTo(4096);
        SpareTails.giveBack(second);
        FastThreadLocal.removeAll();
        assertThat(second.refCnt()).isZero();
    }

    @Test
    void keepsNothingLargeAndNothingThatSomebodyHolds() {
        ByteBuf large = take(5000);
        assertThat(large.capacity()).isEqualTo(5000);
        SpareTails.giveBack(large);
        assertThat(large.refCnt()).isZero();
        ByteBuf held = take(10).retain();
        SpareTails.giveBack(held);
        assertThat(take(10)).isNotSameAs(held).satisfies(ByteBuf::release);
        assertThat(held.release()).isTrue();
    }

    @Test
    void keepsAFew() {
        List<ByteBuf> many = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            many.add(take(10));
        }
        many.forEach(SpareTails::giveBack);
        assertThat(many.getLast().refCnt()).isZero();
        assertThat(many.get(15).refCnt()).isOne();
    }
}
