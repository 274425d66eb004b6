package dev.attache.proxy.call;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes the messages of gRPC's frames out of a body that comes in pieces. Loop-confined. */
final class GrpcFrames {

    private static final int HEAD = 5;

    /** What became of a piece. */
    enum Outcome {
        GOOD,
        /** A compressed message, which nobody asked for. */
        COMPRESSED,
        TOO_LARGE
    }

    private final ByteBufAllocator allocator;
    private final long maxMessageBytes;
    private @Nullable ByteBuf left;

    GrpcFrames(ByteBufAllocator allocator, long maxMessageBytes) {
        this.allocator = allocator;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** A frame of one message; takes ownership. */
    static ByteBuf frame(ByteBufAllocator allocator, ByteBuf message) {
        try {
            ByteBuf frame = allocator.buffer(HEAD + message.readableBytes());
            frame.writeByte(0).writeInt(message.readableBytes()).writeBytes(message);
            return frame;
        } finally {
            message.release();
        }
    }

    /**
     * Takes the next piece in; takes ownership.
     *
     * @param message gets each whole message, as a view
     */
    Outcome add(ByteBuf piece, Consumer<ByteBuf> message) {
        ByteBuf in = joined(piece);
        left = in;
        while (left == in && in.readableBytes() >= HEAD) {
            int start = in.readerIndex();
            long length = in.getUnsignedInt(start + 1);
            if (length > maxMessageBytes) {
                return Outcome.TOO_LARGE;
            }
            if (in.readableBytes() < HEAD + length) {
                break;
            }
            if (in.getByte(start) != 0 && length > 0) {
                return Outcome.COMPRESSED;
            }
            in.skipBytes(HEAD);
            message.accept(in.readSlice((int) length));
        }
        if (left == in && !in.isReadable()) {
            close();
        }
        return Outcome.GOOD;
    }

    private ByteBuf joined(ByteBuf piece) {
        ByteBuf before = left;
        if (before == null) {
            return piece;
        }
        ByteBuf all = allocator.buffer(before.readableBytes() + piece.readableBytes());
        all.writeBytes(before).writeBytes(piece);
        before.release();
        piece.release();
        return all;
    }

    /** Part of a message has come. */
    boolean isAmidMessage() {
        return left != null;
    }

    void close() {
        if (left != null) {
            left.release();
            left = null;
        }
    }
}
