package dev.attache.proxy.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * The nine octets before each payload (RFC 9113 section 4.1), looked at where they stand: nothing
 * is consumed. Needed before Netty's reader, which takes several frames at a time and keeps what
 * they looked like to itself. Stateless.
 */
final class FrameHeader {

    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;

    private FrameHeader() {}

    /** A whole frame is there, or so long a one that the reader will refuse it by its header. */
    static boolean isComplete(ByteBuf in) {
        int readable = in.readableBytes();
        return readable >= FrameWriter.HEADER
                && (readable >= FrameWriter.HEADER + length(in)
                        || length(in) > FrameWriter.MIN_MAX_FRAME);
    }

    /** Where the frame ends, in the buffer's count, as far as it is there. */
    static int end(ByteBuf in) {
        return Math.min(in.writerIndex(), in.readerIndex() + FrameWriter.HEADER + length(in));
    }

    static int length(ByteBuf in) {
        return in.getUnsignedMedium(in.readerIndex());
    }

    static byte type(ByteBuf in) {
        return in.getByte(in.readerIndex() + 3);
    }

    private static int flags(ByteBuf in) {
        return in.getByte(in.readerIndex() + 4);
    }

    /** Of DATA and HEADERS; CONTINUATION has no such flag. */
    static boolean endsStream(ByteBuf in) {
        return type(in) != Http2FrameTypes.CONTINUATION && (flags(in) & END_STREAM) != 0;
    }

    /** Of HEADERS and CONTINUATION: the block of fields is complete. */
    static boolean endsHeaders(ByteBuf in) {
        return (flags(in) & END_HEADERS) != 0;
    }

    /**
     * Octets of payload without padding and its length; of a frame that is too long, and so not
     * whole, as many as it claims.
     */
    static int unpadded(ByteBuf in) {
        int length = length(in);
        boolean padded = type(in) != Http2FrameTypes.CONTINUATION && (flags(in) & PADDED) != 0;
        if (!padded || length == 0 || in.readableBytes() < FrameWriter.HEADER + length) {
            return length;
        }
        return length - 1 - in.getUnsignedByte(in.readerIndex() + FrameWriter.HEADER);
    }
}
