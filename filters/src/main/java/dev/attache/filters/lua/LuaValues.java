package dev.attache.filters.lua;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;

/**
 * Writes values for a script in the format of LuaJIT's {@code string.buffer} (its page "String
 * Buffer Library", "Serialization Format Specification"). Text is octets.
 */
public final class LuaValues {

    private static final int NIL = 0;
    private static final int FALSE = 1;
    private static final int TRUE = 2;
    private static final int NUMBER = 7;
    private static final int HASH = 9;
    private static final int ARRAY_FROM_ONE = 12;
    private static final int STRING = 32;
    private static final int ONE_BYTE = 0xe0;
    private static final int TWO_BYTES = 0x1fe0;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public LuaValues nil() {
        out.write(NIL);
        return this;
    }

    public LuaValues bool(boolean value) {
        out.write(value ? TRUE : FALSE);
        return this;
    }

    public LuaValues number(double value) {
        out.write(NUMBER);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < Long.BYTES; i++) {
            out.write((int) (bits >>> (8 * i)));
        }
        return this;
    }

    public LuaValues text(String octets) {
        return text(octets.getBytes(ISO_8859_1));
    }

    public LuaValues text(byte[] bytes) {
        unsigned(STRING + bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    /** A list begins; its elements follow. */
    public LuaValues list(int size) {
        out.write(ARRAY_FROM_ONE);
        unsigned(size + 1);
        return this;
    }

    /** A table begins; keys and values follow in turns. */
    public LuaValues table(int size) {
        out.write(HASH);
        unsigned(size);
        return this;
    }

    private void unsigned(int value) {
        if (value < ONE_BYTE) {
            out.write(value);
        } else if (value < TWO_BYTES) {
            out.write(ONE_BYTE | ((value - ONE_BYTE) >> 8));
            out.write((value - ONE_BYTE) & 0xff);
        } else {
            out.write(0xff);
            for (int i = 0; i < Integer.BYTES; i++) {
                out.write(value >>> (8 * i));
            }
        }
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
