package dev.attache.proxy.tls.x509;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The little DER that key forms and names need: building elements and looking into a SEQUENCE. */
final class Der {

    private Der() {}

    public static byte[] sequence(byte[] content) {
        return element(0x30, content);
    }

    public static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /**
     * An object identifier's content in dotted notation, or null where a number has more than 63
     * bits, which could pass for another.
     */
    public static @Nullable String oid(byte[] content) {
        StringBuilder text = new StringBuilder();
        long arc = 0;
        boolean open = true;
        for (byte b : content) {
            if (arc > Long.MAX_VALUE >> 7) {
                return null;
            }
            arc = arc << 7 | b & 0x7f;
            open = (b & 0x80) != 0;
            if (open) {
                continue;
            }
            if (text.isEmpty()) {
                long top = Math.min(arc / 40, 2);
                text.append(top).append('.').append(arc - top * 40);
            } else {
                text.append('.').append(arc);
            }
            arc = 0;
        }
        return open ? null : text.toString();
    }

    /** The content of the context-specific constructed element {@code [number]}, or null. */
    public static byte @Nullable [] findContext(byte[] sequence, int number) {
        Reader outer = new Reader(sequence, 0, sequence.length);
        if (!outer.next() || outer.tag != 0x30) {
            return null;
        }
        Reader inner = outer.content();
        while (inner.next()) {
            if (inner.tag == (0xa0 | number)) {
                return Arrays.copyOfRange(sequence, inner.start, inner.end);
            }
        }
        return null;
    }

    /**
     * Walks the elements of one level. {@link #next} is false at the end and at malformed input.
     */
    public static final class Reader {

        private final byte[] bytes;
        private final int limit;
        private int position;
        private int tag;
        private int start;
        private int end;

        public Reader(byte[] bytes, int from, int limit) {
            this.bytes = bytes;
            this.position = from;
            this.limit = limit;
        }

        public int tag() {
            return tag;
        }

        public boolean next() {
            if (position + 2 > limit) {
                return false;
            }
            tag = bytes[position] & 0xff;
            int length = bytes[position + 1] & 0xff;
            position += 2;
            if (length >= 0x80) {
                int count = length & 0x7f;
                if (count == 0 || count > 3 || position + count > limit) {
                    return false;
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[position++] & 0xff;
                }
            }
            if (length > limit - position) {
                return false;
            }
            start = position;
            end = position + length;
            position = end;
            return true;
        }

        public boolean atEnd() {
            return position == limit;
        }

        /** The tag that {@link #next} will find, or -1 at the end. */
        public int nextTag() {
            return position < limit ? bytes[position] & 0xff : -1;
        }

        public Reader content() {
            return new Reader(bytes, start, end);
        }

        public byte[] copy() {
            return Arrays.copyOfRange(bytes, start, end);
        }
    }
}
