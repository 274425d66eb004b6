package dev.attache.filters.http.grpc_web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body in base64 (RFC 4648 section 4) that arrives in pieces: what is left of a group of four
 * waits for the next piece. Loop-confined.
 */
final class TextBody {
    private static final int GROUP = 4;
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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

    /** Padding stands at the end alone, and what is left of the last octets must be zero. */
    private static byte @Nullable [] octets(byte[] text) {
        int length = text.length;
        for (int i = 0; i < 2 && text[length - 1] == '='; i++) {
            length--;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length * 3 / 4);
        int bits = 0;
        int count = 0;
        for (int i = 0; i < length; i++) {
            int value = ALPHABET.indexOf(text[i] & 0xff);
            if (value < 0) {
                return null;
            }
            bits = bits << 6 | value;
            count += 6;
            if (count >= 8) {
                count -= 8;
                out.write(bits >> count);
                bits &= (1 << count) - 1;
            }
        }
        return bits != 0 || count >= 6 ? null : out.toByteArray();
    }
}
