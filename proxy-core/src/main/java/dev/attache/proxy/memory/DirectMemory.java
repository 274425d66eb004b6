package dev.attache.proxy.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.internal.OutOfDirectMemoryError;
import org.jspecify.annotations.Nullable;

/**
 * What can be done where direct memory is used up. Unlike an exhausted heap it is no trouble of the
 * machine: the buffer that was asked for is not there, and whoever needed it ends. Stateless.
 */
public final class DirectMemory {

    private DirectMemory() {}

    /**
     * Whether {@code thrown} says that no more direct memory is to be had: Netty's or the JDK's.
     */
    public static boolean isUsedUp(Throwable thrown) {
        if (thrown instanceof OutOfDirectMemoryError) {
            return true;
        }
        String message = thrown.getMessage();
        return thrown instanceof OutOfMemoryError
                && message != null
                && message.contains("direct buffer memory");
    }

    /** A direct buffer, or null where there is none to be had. */
    public static @Nullable ByteBuf buffer(ByteBufAllocator allocator, int capacity) {
        try {
            return allocator.directBuffer(capacity);
        } catch (OutOfMemoryError e) {
            if (isUsedUp(e)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * A direct buffer, or one of the heap: what is written into it can be encoded; when it goes to
     * the socket the connection may still fail, and nothing else.
     */
    public static ByteBuf bufferOrHeap(ByteBufAllocator allocator, int capacity) {
        ByteBuf direct = buffer(allocator, capacity);
        return direct != null ? direct : Unpooled.buffer(capacity);
    }
}
