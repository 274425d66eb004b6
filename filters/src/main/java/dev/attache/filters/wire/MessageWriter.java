package dev.attache.filters.wire;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a protobuf message as its fields are written, in the order in which they are. Fields
 * without presence are left out where they have their default, as every encoder of proto3 does it.
 * Grows as it needs and is kept for the next message. Loop-confined.
 */
public final class MessageWriter {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    /** Of a varint of 64 bits. */
    private static final int LONGEST = 10;

    private byte[] bytes;
    private int size;

    /**
     * @param capacity in bytes, to begin with
     */
    public MessageWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return size;
    }

    /** Forgets what was written. A buffer that has become larger than {@code limit} goes. */
    public void clear(int limit) {
        size = 0;
        if (bytes.length > limit) {
            bytes = new byte[limit];
        }
    }

    /** Forgets what was written behind the first {@code length} bytes. */
    public void truncate(int length) {
        size = Math.min(size, length);
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** All that was written, without a copy of it: nothing more is to be written. */
    public ByteBuf handOver() {
        return Unpooled.wrappedBuffer(bytes, 0, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    private void tag(int field, int type) {
        room(2 * LONGEST);
        raw((long) field << 3 | type);
    }

    private void raw(long value) {
        long left = value;
        int at = size;
        while ((left & ~0x7fL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
        size = at;
    }

    /** An integer of any width, an enum; zero is left out. */
    public void number(int field, long value) {
        if (value != 0) {
            numberAlways(field, value);
        }
    }

    /** The same of a field that is there with its default, too: one of a oneof, or packed away. */
    public void numberAlways(int field, long value) {
        tag(field, VARINT);
        raw(value);
    }

    public void flag(int field, boolean value) {
        number(field, value ? 1 : 0);
    }

    /** One of a oneof. */
    public void flagAlways(int field, boolean value) {
        numberAlways(field, value ? 1 : 0);
    }

    /** {@code fixed64} and {@code sfixed64}; zero is left out. */
    public void fixed(int field, long value) {
        if (value != 0) {
            fixedAlways(field, value);
        }
    }

    /** The same, one of a oneof. */
    public void fixedAlways(int field, long value) {
        tag(field, FIXED64);
        room(Long.BYTES);
        fixed(value);
    }

    private void fixed(long value) {
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
    }

    /** {@code fixed32}; zero is left out. */
    public void fixed32(int field, int value) {
        if (value != 0) {
            tag(field, FIXED32);
            room(Integer.BYTES);
            for (int i = 0; i < Integer.BYTES; i++) {
                bytes[size++] = (byte) (value >>> 8 * i);
            }
        }
    }

    /** A {@code double}, also where it is zero. */
    public void real(int field, double value) {
        fixedAlways(field, Double.doubleToRawLongBits(value));
    }

    /** A list of {@code fixed64} or {@code double}, packed: these bits. */
    public void packed(int field, long[] bits) {
        if (bits.length > 0) {
            tag(field, LENGTH);
            room(LONGEST + bits.length * Long.BYTES);
            raw((long) bits.length * Long.BYTES);
            for (long each : bits) {
                fixed(each);
            }
        }
    }

    /** Text; the empty one is left out. */
    public void text(int field, String text) {
        if (!text.isEmpty()) {
            textAlways(field, text);
        }
    }

    /** The same where empty text is there, too. */
    public void textAlways(int field, String text) {
        int length = text.length();
        tag(field, LENGTH);
        room(LONGEST + length);
        int before = size;
        raw(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size = before;
                content(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[size++] = (byte) c;
        }
    }

    /** Text that is given as octets; what is no UTF-8 in it is replaced, as Envoy does it. */
    public void octets(int field, String octets) {
        if (!octets.isEmpty()) {
            octetsAlways(field, octets);
        }
    }

    /** The same where empty text is there, too. */
    public void octetsAlways(int field, String octets) {
        textAlways(field, Utf8.of(octets));
    }

    /** The value of a header, if there is one and it is not empty: all of its fields, joined. */
    public void header(int field, Headers headers, HeaderName name) {
        int index = headers.indexOf(name);
        if (index < 0) {
            return;
        }
        if (headers.indexOf(name, index + 1) >= 0) {
            String joined = headers.getJoined(name);
            octets(field, joined == null ? "" : joined);
            return;
        }
        int length = headers.valueLength(index);
        if (length == 0) {
            return;
        }
        byte[] source = headers.text();
        int from = headers.valueStart(index);
        for (int i = from; i < from + length; i++) {
            if (source[i] < 0) {
                octets(field, headers.value(index));
                return;
            }
        }
        tag(field, LENGTH);
        room(LONGEST + length);
        raw(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    /**
     * {@code bytes} that are told in hexadecimal; none are left out.
     *
     * @param digits two for each byte
     */
    public void hex(int field, String digits) {
        int length = digits.length() / 2;
        if (length == 0) {
            return;
        }
        tag(field, LENGTH);
        room(LONGEST + length);
        raw(length);
        for (int i = 0; i < 2 * length; i += 2) {
            int high = Character.digit(digits.charAt(i), 16);
            int low = Character.digit(digits.charAt(i + 1), 16);
            bytes[size++] = (byte) (high << 4 | low);
        }
    }

    /** {@code bytes}, or a message that is written already; the empty one is there, too. */
    public void content(int field, byte[] value) {
        tag(field, LENGTH);
        content(value);
    }

    /** The same of a part of an array. */
    public void content(int field, byte[] source, int offset, int length) {
        tag(field, LENGTH);
        room(LONGEST + length);
        raw(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** The same of what is readable in a buffer, which stays as it is. */
    public void content(int field, ByteBuf source) {
        int length = source.readableBytes();
        tag(field, LENGTH);
        room(LONGEST + length);
        raw(length);
        source.getBytes(source.readerIndex(), bytes, size, length);
        size += length;
    }

    private void content(byte[] value) {
        room(LONGEST + value.length);
        raw(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Fields that were written elsewhere, as they are. */
    public void fields(byte[] written) {
        room(written.length);
        System.arraycopy(written, 0, bytes, size, written.length);
        size += written.length;
    }

    /** The same of all that another writer holds. */
    public void fields(MessageWriter other) {
        room(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
    }

    /**
     * Begins a message in this one; what is written until its {@link #end} belongs to it.
     *
     * @return what {@code end} is to be told
     */
    public int begin(int field) {
        tag(field, LENGTH);
        // One byte for the length, which is enough for most.
        bytes[size] = 0;
        return ++size;
    }

    /**
     * Ends the message that {@link #begin} began.
     *
     * @return its length in bytes
     */
    public int end(int begun) {
        int length = size - begun;
        int more = lengthOf(length) - 1;
        if (more > 0) {
            room(more);
            System.arraycopy(bytes, begun, bytes, begun + more, length);
        }
        size = begun - 1;
        raw(length);
        size += length;
        return length;
    }

    private static int lengthOf(int varint) {
        return (31 - Integer.numberOfLeadingZeros(varint | 1)) / 7 + 1;
    }
}
