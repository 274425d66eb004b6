package dev.attache.proxy.http.h2;

import io.netty.buffer.ByteBuf;

/**
 * Looks through an encoded header block (RFC 7541) for how long its strings are on the wire, which
 * a decoder no longer says. Malformed blocks are the decoder's to refuse. Pure.
 */
final class WireStrings {

    private static final int INDEXED = 0x80;
    private static final int INCREMENTAL = 0x40;
    private static final int TABLE_SIZE = 0x20;

    private WireStrings() {}

    /** Whether a name or a value has more than {@code limit} octets; reads nothing off. */
    static boolean exceed(ByteBuf block, int limit) {
        if (block.readableBytes() <= limit) {
            return false;
        }
        ByteBuf in = block.slice();
        while (in.isReadable()) {
            int first = in.readUnsignedByte();
            long index = number(in, first, prefix(first));
            if ((first & INDEXED) != 0 || (first & (INCREMENTAL | TABLE_SIZE)) == TABLE_SIZE) {
                continue;
            }
            if ((index == 0 && exceedsHere(in, limit)) || exceedsHere(in, limit)) {
                return true;
            }
        }
        return false;
    }

    /** Bits of the first octet that hold the number. */
    private static int prefix(int first) {
        if ((first & INDEXED) != 0) {
            return 7;
        }
        if ((first & INCREMENTAL) != 0) {
            return 6;
        }
        return (first & TABLE_SIZE) != 0 ? 5 : 4;
    }

    /** Skips one string. */
    private static boolean exceedsHere(ByteBuf in, int limit) {
        if (!in.isReadable()) {
            return false;
        }
        long length = number(in, in.readUnsignedByte(), 7);
        in.skipBytes((int) Math.min(length, in.readableBytes()));
        return length > limit;
    }

    /** RFC 7541 section 5.1; what is too large for any use is large. */
    private static long number(ByteBuf in, int first, int bits) {
        int mask = (1 << bits) - 1;
        long value = first & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; in.isReadable(); shift += 7) {
            int next = in.readUnsignedByte();
            value += shift > 28 ? Integer.MAX_VALUE : (next & 0x7fL) << shift;
            if (next < 0x80) {
                break;
            }
        }
        return value;
    }
}
