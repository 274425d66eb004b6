package dev.attache.config.validate.constraint;

import com.google.protobuf.WireFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the fields of one message from an array. Allocates nothing, so that a walk can have one for
 * each level and use it again.
 */
public final class WireReader {
    private static final int MAX_GROUPS = 100;
    private static final byte[] NOTHING = {};

    /** The array that is read; what {@link #spanStart} and {@link #spanEnd} refer to. */
    public byte[] bytes = NOTHING;

    private int position;
    private int end;

    /** Where the bytes of the last {@link #span} begin. */
    public int spanStart;

    /** Where they end. */
    public int spanEnd;

    public void open(byte[] source, int from, int to) {
        bytes = source;
        position = from;
        end = to;
    }

    public boolean hasMore() {
        return position < end;
    }

    public int position() {
        return position;
    }

    public int end() {
        return end;
    }

    /** The next field's number and wire type, as protobuf writes them together. */
    public int tag() throws MalformedMessageException {
        int tag = (int) varint();
        if (WireFormat.getTagFieldNumber(tag) == 0) {
            throw new MalformedMessageException("invalid tag");
        }
        return tag;
    }

    long varint() throws MalformedMessageException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = next();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessageException("malformed varint");
    }

    long fixed64() throws MalformedMessageException {
        return little(8).getLong();
    }

    int fixed32() throws MalformedMessageException {
        return little(4).getInt();
    }

    /** Passes over a length-delimited value and notes where it is. */
    public void span() throws MalformedMessageException {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw truncated();
        }
        spanStart = position;
        position += (int) length;
        spanEnd = position;
    }

    /** Passes over the value of a field. */
    public void skip(int tag) throws MalformedMessageException {
        int groups = 0;
        int next = tag;
        while (true) {
            switch (WireFormat.getTagWireType(next)) {
                case WireFormat.WIRETYPE_VARINT -> varint();
                case WireFormat.WIRETYPE_FIXED64 -> advance(8);
                case WireFormat.WIRETYPE_FIXED32 -> advance(4);
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> span();
                case WireFormat.WIRETYPE_START_GROUP -> groups++;
                case WireFormat.WIRETYPE_END_GROUP -> groups--;
                default -> throw new MalformedMessageException("invalid wire type");
            }
            if (groups == 0) {
                return;
            }
            if (groups < 0 || groups > MAX_GROUPS) {
                throw new MalformedMessageException("groups do not match");
            }
            next = tag();
        }
    }

    private ByteBuffer little(int size) throws MalformedMessageException {
        int at = position;
        advance(size);
        return ByteBuffer.wrap(bytes, at, size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void advance(int size) throws MalformedMessageException {
        if (size > end - position) {
            throw truncated();
        }
        position += size;
    }

    private byte next() throws MalformedMessageException {
        if (position == end) {
            throw truncated();
        }
        return bytes[position++];
    }

    private static MalformedMessageException truncated() {
        return new MalformedMessageException("truncated");
    }
}
