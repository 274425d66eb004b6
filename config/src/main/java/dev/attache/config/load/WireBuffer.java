package dev.attache.config.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a message while they are written: one array that grows. Used by one thread. */
final class WireBuffer {
    private byte[] bytes;
    private int size;

    WireBuffer() {
        this(1024);
    }

    WireBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** Takes back what was written behind a position. */
    void cut(int position) {
        size = position;
    }

    /** What was written, to be read before more is. */
    CodedInputStream reader() {
        return CodedInputStream.newInstance(bytes, 0, size);
    }

    byte[] copy(int from) {
        return Arrays.copyOfRange(bytes, from, size);
    }

    void tag(FieldType field) {
        varint((long) field.number() << 3 | field.kind().wireType());
    }

    /** The tag of a field that is written as a length and that many bytes, whatever its kind. */
    void lengthTag(FieldType field) {
        varint((long) field.number() << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    void varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void fixed32(int value) {
        reserve(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void fixed64(long value) {
        reserve(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void octet(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void raw(byte[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /** A text in UTF-8 with its length in front. */
    void text(String value) {
        int length = value.length();
        int start = open();
        reserve(length);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                byte[] encoded = value.substring(i).getBytes(StandardCharsets.UTF_8);
                raw(encoded, 0, encoded.length);
                break;
            }
            bytes[size++] = (byte) c;
        }
        close(start);
    }

    /** Begins something that has its length in front; the result is for {@link #close}. */
    int open() {
        reserve(1);
        return ++size;
    }

    /** Ends what {@link #open} began. */
    void close(int start) {
        int length = size - start;
        int more = lengthOfVarint(length) - 1;
        if (more > 0) {
            reserve(more);
            System.arraycopy(bytes, start, bytes, start + more, length);
        }
        size = start - 1;
        varint(length);
        size += length;
    }

    /** Puts stretches of what stands behind {@code from} there in another order. */
    void replaceFrom(int from, WireBuffer source) {
        size = from;
        raw(source.bytes, 0, source.size);
    }

    /** Appends a stretch of another buffer. */
    void append(WireBuffer source, int from, int to) {
        raw(source.bytes, from, to - from);
    }

    private static int lengthOfVarint(int value) {
        int length = 1;
        for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
