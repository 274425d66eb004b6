package dev.attache.filters.tracing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf's wire format field by field, without an object for each message: spans are many
 * and short-lived. Text is octets. One for each batch.
 */
public final class ProtoBuffer {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private byte[] bytes = new byte[4096];
    private int size;

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    private void varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void tag(int field, int type) {
        varint((long) field << 3 | type);
    }

    public void number(int field, long value) {
        tag(field, VARINT);
        varint(value);
    }

    public void flag(int field, boolean value) {
        number(field, value ? 1 : 0);
    }

    public void fixed64(int field, long value) {
        tag(field, FIXED64);
        room(8);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
    }

    public void real(int field, double value) {
        fixed64(field, Double.doubleToRawLongBits(value));
    }

    public void fixed32(int field, int value) {
        tag(field, FIXED32);
        room(4);
        for (int i = 0; i < 4; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
    }

    /**
     * @param octets one character for each byte
     */
    public void text(int field, String octets) {
        byte[] raw = octets.getBytes(StandardCharsets.ISO_8859_1);
        tag(field, BYTES);
        varint(raw.length);
        room(raw.length);
        System.arraycopy(raw, 0, bytes, size, raw.length);
        size += raw.length;
    }

    /**
     * @param digits hexadecimal, two for each byte
     */
    public void hex(int field, String digits) {
        int length = digits.length() / 2;
        tag(field, BYTES);
        varint(length);
        room(length);
        for (int i = 0; i < length; i++) {
            int high = Character.digit(digits.charAt(2 * i), 16);
            int low = Character.digit(digits.charAt(2 * i + 1), 16);
            bytes[size++] = (byte) (high << 4 | low);
        }
    }

    /**
     * A message within: its fields follow.
     *
     * @return to be given to {@link #end}
     */
    public int begin(int field) {
        tag(field, BYTES);
        room(1);
        return size++;
    }

    /** The message that {@link #begin} began has all its fields. */
    public void end(int mark) {
        int length = size - mark - 1;
        int more = 0;
        for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
            more++;
        }
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, mark + 1, bytes, mark + 1 + more, length);
        }
        size = mark;
        varint(length);
        size += length;
    }

    /** What was written. */
    public ByteBuf content() {
        return Unpooled.wrappedBuffer(bytes, 0, size);
    }
}
