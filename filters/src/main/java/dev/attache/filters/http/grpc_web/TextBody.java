package dev.attache.filters.http.grpc_web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A body in base64 (RFC 4648 section 4) that arrives in pieces: what is left of a group of four
 * waits for the next piece. Loop-confined.
 */
final class TextBody {
    private static final int GROUP = 4;

    private final byte[] begun = new byte[GROUP - 1];
    private int begunLength;

    /** Whether, with this piece, a whole group is there. */
    boolean hasGroup(ByteBuf data) {
        return begunLength + data.readableBytes() >= GROUP;
    }

    /** Whether the text ends with this piece as it may: with a whole group. */
    boolean endsWithGroup(ByteBuf data) {
        return (begunLength + data.readableBytes()) % GROUP == 0;
    }

    /** Whether nothing waits and nothing came. */
    boolean isEmpty(ByteBuf data) {
        return begunLength + data.readableBytes() == 0;
    }

    /** Keeps a piece that completes no group. */
    void keep(ByteBuf data) {
        int length = data.readableBytes();
        data.readBytes(begun, begunLength, length);
        begunLength += length;
    }

    /** The octets of all whole groups, or null where the text is no base64. */
    @Nullable ByteBuf decode(ByteBuf data, ByteBufAllocator allocator) {
        int whole = (begunLength + data.readableBytes()) / GROUP * GROUP;
        byte[] text = new byte[whole];
        System.arraycopy(begun, 0, text, 0, begunLength);
        data.readBytes(text, begunLength, whole - begunLength);
        begunLength = 0;
        keep(data);
        byte[] octets = octets(text);
        return octets == null ? null : allocator.buffer(octets.length).writeBytes(octets);
    }

    /** Other than the JDK's decoder wants it, what is left of the last octets must be zero. */
    private static byte @Nullable [] octets(byte[] text) {
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int rest = octets.length % 3;
        byte[] last = Arrays.copyOfRange(octets, octets.length - rest, octets.length);
        byte[] group = Base64.getEncoder().encode(last);
        int from = text.length - group.length;
        return Arrays.equals(text, from, text.length, group, 0, group.length) ? octets : null;
    }
}
