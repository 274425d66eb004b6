package dev.attache.filters.grpc;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a body into the length-prefixed messages of gRPC ("Length-Prefixed-Message"), however its
 * bytes arrive. What has come of an unfinished message is kept as bytes here. Loop-confined.
 */
public final class GrpcFrames {
    private static final int PREFIX = 5;

    private final byte[] prefix = new byte[PREFIX];
    private int prefixRead;
    private byte[] message = new byte[0];
    private int messageRead;
    private int length;

    /** One message. */
    public record Frame(int flags, byte[] message) {

        /** With its prefix, as it came. */
        public byte[] bytes() {
            byte[] all = new byte[PREFIX + message.length];
            all[0] = (byte) flags;
            for (int i = 0; i < 4; i++) {
                all[1 + i] = (byte) (message.length >>> (24 - 8 * i));
            }
            System.arraycopy(message, 0, all, PREFIX, message.length);
            return all;
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
        return prefixRead < PREFIX ? -1 : length & 0xffffffffL;
    }

    /** Bytes kept here, prefix aside. */
    public int kept() {
        return messageRead;
    }

    /** The next whole message, or null when {@code data} is used up. */
    public @Nullable Frame next(ByteBuf data) {
        while (prefixRead < PREFIX) {
            if (!data.isReadable()) {
                return null;
            }
            prefix[prefixRead++] = data.readByte();
            if (prefixRead == PREFIX) {
                length = 0;
                for (int i = 1; i < PREFIX; i++) {
                    length = length << 8 | prefix[i] & 0xff;
                }
                messageRead = 0;
            }
        }
        long missing = (length & 0xffffffffL) - messageRead;
        int step = (int) Math.min(missing, data.readableBytes());
        reserve(messageRead + step);
        data.readBytes(message, messageRead, step);
        messageRead += step;
        if (step < missing) {
            return null;
        }
        byte[] whole = java.util.Arrays.copyOf(message, messageRead);
        message = new byte[0];
        prefixRead = 0;
        messageRead = 0;
        return new Frame(prefix[0] & 0xff, whole);
    }

    /** Grows with what has come, not with what a prefix promises. */
    private void reserve(int size) {
        if (message.length < size) {
            int most = (int) Math.min(length & 0xffffffffL, Integer.MAX_VALUE - 8);
            message = java.util.Arrays.copyOf(message, Math.max(size, Math.min(most, size * 2)));
        }
    }
}
