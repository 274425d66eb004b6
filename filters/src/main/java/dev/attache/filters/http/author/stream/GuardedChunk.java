package dev.attache.filters.http.author.stream;

import dev.attache.filter.Chunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a body for the time of one call. Views are of an arena that closes with it, so that
 * one which was kept throws instead of showing what the memory holds by then. Loop-confined.
 */
public final class GuardedChunk implements Chunk {
    private final ByteBuf data;
    private @Nullable Arena arena;
    private byte @Nullable [] replacement;
    private boolean over;

    /**
     * @param data the pipeline's, for the time of the call
     */
    public GuardedChunk(ByteBuf data) {
        this.data = data;
    }

    private void check() {
        if (over) {
            throw new IllegalStateException(
                    "the chunk was lent for one call, which is over; keep bytes() instead");
        }
    }

    @Override
    public int size() {
        check();
        return data.readableBytes();
    }

    @Override
    public ByteBuffer view() {
        check();
        int size = data.readableBytes();
        if (size == 0) {
            return ByteBuffer.allocate(0).asReadOnlyBuffer();
        }
        Arena open = arena;
        if (open == null) {
            open = Arena.ofConfined();
            arena = open;
        }
        return segment(size, open).asByteBuffer().asReadOnlyBuffer();
    }

    /**
     * The memory itself where it is direct and in one piece, otherwise a copy that ends with it.
     */
    private MemorySegment segment(int size, Arena open) {
        if (data.isDirect() && data.nioBufferCount() == 1) {
            ByteBuffer memory = data.nioBuffer();
            return MemorySegment.ofAddress(MemorySegment.ofBuffer(memory).address())
                    .reinterpret(size, open, null);
        }
        MemorySegment copy = open.allocate(size);
        MemorySegment.copy(ByteBufUtil.getBytes(data), 0, copy, ValueLayout.JAVA_BYTE, 0, size);
        return copy;
    }

    @Override
    public byte[] bytes() {
        check();
        return ByteBufUtil.getBytes(data);
    }

    @Override
    public void replace(byte[] bytes) {
        check();
        replacement = bytes.clone();
    }

    /** What goes on in its place, or null. */
    public @Nullable ByteBuf replacement() {
        byte[] bytes = replacement;
        return bytes == null ? null : Unpooled.wrappedBuffer(bytes);
    }

    /** For who passes it on during the call; to be released by whoever gets it. */
    ByteBuf retained() {
        check();
        return data.retainedDuplicate();
    }

    /** The call is over. */
    public void close() {
        over = true;
        if (arena != null) {
            arena.close();
        }
    }
}
