package dev.attache.proxy.http.grpc;

import dev.attache.proxy.memory.MemoryAccount;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body into the length-prefixed messages of gRPC ("Length-Prefixed-Message"), however its
 * bytes arrive. What has come of an unfinished message is kept as bytes here, at the cost of an
 * account, until {@link #close}. Loop-confined.
 */
public final class GrpcFrames implements AutoCloseable {
    private static final int PREFIX = 5;
    private static final int LARGEST = Integer.MAX_VALUE - 8;
    private static final byte[] NOTHING = new byte[0];

    private final @Nullable MemoryAccount payer;
    private final byte[] prefix = new byte[PREFIX];
    private int prefixRead;
    private byte[] message = NOTHING;
    private int messageRead;
    private long length;
    private int charged;

    /** One message. */
    public record Frame(int flags, byte[] message) {

        /** With its prefix, as it came. */
        public byte[] bytes() {
            byte[] all = new byte[PREFIX + message.length];
            writePrefix(flags, message.length, all);
            System.arraycopy(message, 0, all, PREFIX, message.length);
            return all;
        }
    }

    /**
     * @param payer of what is kept; null: nobody, where little can be
     */
    public GrpcFrames(@Nullable MemoryAccount payer) {
        this.payer = payer;
    }

    /** What stands before a message that is not compressed. */
    public static byte[] prefix(int length) {
        byte[] prefix = new byte[PREFIX];
        writePrefix(0, length, prefix);
        return prefix;
    }

    private static void writePrefix(int flags, int length, byte[] to) {
        to[0] = (byte) flags;
        for (int i = 1; i < PREFIX; i++) {
            to[i] = (byte) (length >>> 8 * (PREFIX - 1 - i));
        }
    }

    /** A frame of one message; takes ownership. */
    public static ByteBuf frame(ByteBufAllocator allocator, ByteBuf message) {
        try {
            int length = message.readableBytes();
            return allocator.buffer(PREFIX + length).writeBytes(prefix(length)).writeBytes(message);
        } finally {
            message.release();
        }
    }

    /** The flags of the message that has begun to arrive; -1 = none has. */
    public int flags() {
        return prefixRead == 0 ? -1 : prefix[0] & 0xff;
    }

    /** Whether a prefix has come in part, or a message. */
    public boolean unfinished() {
        return prefixRead > 0;
    }

    /** Bytes of the message that has begun, as its prefix says; -1 while that is not whole. */
    public long expected() {
        return prefixRead < PREFIX ? -1 : length;
    }

    /** Bytes kept here, prefix aside. */
    public int kept() {
        return messageRead;
    }

    /** The next whole message, or null when {@code data} is used up. */
    public @Nullable Frame next(ByteBuf data) {
        if (!readPrefix(data)) {
            return null;
        }
        int step = (int) Math.min(length - messageRead, data.readableBytes());
        reserve((long) messageRead + step);
        data.readBytes(message, messageRead, step);
        messageRead += step;
        if (messageRead < length) {
            charge(message.length);
            return null;
        }
        byte[] whole =
                message.length == messageRead ? message : Arrays.copyOf(message, messageRead);
        clear();
        return new Frame(prefix[0] & 0xff, whole);
    }

    /** False where it is not whole yet. */
    private boolean readPrefix(ByteBuf data) {
        while (prefixRead < PREFIX) {
            if (!data.isReadable()) {
                return false;
            }
            prefix[prefixRead++] = data.readByte();
            if (prefixRead == PREFIX) {
                length = 0;
                for (int i = 1; i < PREFIX; i++) {
                    length = length << 8 | prefix[i] & 0xff;
                }
            }
        }
        return true;
    }

    /** Grows with what has come, not with what a prefix promises. */
    private void reserve(long size) {
        if (message.length >= size) {
            return;
        }
        if (size > LARGEST) {
            throw new IllegalStateException("a message of gRPC is longer than an array");
        }
        long grown = Math.max(size, 2L * message.length);
        message = Arrays.copyOf(message, (int) Math.min(Math.min(length, LARGEST), grown));
    }

    private void charge(int bytes) {
        if (payer != null && bytes != charged) {
            payer.heap(bytes - charged);
            charged = bytes;
        }
    }

    private void clear() {
        message = NOTHING;
        messageRead = 0;
        prefixRead = 0;
        charge(0);
    }

    /** Gives up what has come of an unfinished message; idempotent. */
    @Override
    public void close() {
        clear();
    }
}
