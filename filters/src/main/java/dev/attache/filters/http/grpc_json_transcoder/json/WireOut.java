package dev.attache.filters.http.grpc_json_transcoder.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Protobuf's wire format, written front to back. */
public final class WireOut {
    private static final int LENGTH_DELIMITED = 2;

    private byte[] bytes = new byte[64];
    private int size;

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Octets of heap. */
    int capacity() {
        return bytes.length;
    }

    private void octet(long value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, size * 2);
        }
        bytes[size++] = (byte) value;
    }

    public void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            octet(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        octet(rest);
    }

    public void tag(int field, int wireType) {
        varint((long) field << 3 | wireType);
    }

    void fixed32(int value) {
        for (int i = 0; i < 4; i++) {
            octet(value >>> 8 * i);
        }
    }

    void fixed64(long value) {
        for (int i = 0; i < 8; i++) {
            octet(value >>> 8 * i);
        }
    }

    public void raw(byte[] piece) {
        if (bytes.length - size < piece.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + piece.length));
        }
        System.arraycopy(piece, 0, bytes, size, piece.length);
        size += piece.length;
    }

    /** A string, bytes or message with its tag. */
    public void field(int number, byte[] content) {
        tag(number, LENGTH_DELIMITED);
        varint(content.length);
        raw(content);
    }

    public void field(int number, String octets) {
        field(number, octets.getBytes(StandardCharsets.ISO_8859_1));
    }
}
