package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The octets of one head while it is put together, on the heap: there a copy of a few octets is a
 * few instructions, while each write into a socket's buffer is a call. There is one for each loop;
 * between {@link #begin} and {@link #writeTo} nobody else may put a head together on it.
 */
final class HeadText {

    private static final FastThreadLocal<HeadText> OF_LOOP =
            new FastThreadLocal<>() {
                @Override
                protected HeadText initialValue() {
                    return new HeadText();
                }
            };

    private static final int USUAL = 2048;

    /** A larger head's array is not kept for those after it. */
    private static final int KEPT = 64 * 1024;

    private byte[] octets = new byte[USUAL];
    private int length;

    private HeadText() {}

    /**
     * An empty one, valid until the next call on this thread.
     *
     * @param room octets that will be added, at most
     */
    static HeadText begin(int room) {
        HeadText text = OF_LOOP.get();
        text.length = 0;
        int now = text.octets.length;
        if (now < room || (now > KEPT && room <= KEPT)) {
            text.octets = new byte[Math.max(room, USUAL)];
        }
        return text;
    }

    /** Octets so far. */
    int length() {
        return length;
    }

    HeadText add(char octet) {
        octets[length++] = (byte) octet;
        return this;
    }

    HeadText add(byte[] all) {
        return add(all, 0, all.length);
    }

    HeadText add(byte[] from, int start, int count) {
        System.arraycopy(from, start, octets, length, count);
        length += count;
        return this;
    }

    /** ASCII. */
    HeadText add(String text) {
        for (int i = 0; i < text.length(); i++) {
            octets[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** A field's name as it stands in the headers. */
    void addName(Headers headers, int field) {
        length += headers.copyName(field, octets, length);
    }

    /** A value, control characters made harmless: none may begin a new line. */
    void addValue(Headers headers, int field) {
        int start = length;
        add(headers.text(), headers.valueStart(field), headers.valueLength(field));
        Octets.blankLineEnds(octets, start, length);
    }

    /** A part of a request line: no blank may be in it either. */
    void addToken(Headers headers, int field) {
        int start = length;
        add(headers.text(), headers.valueStart(field), headers.valueLength(field));
        for (int i = start; i < length; i++) {
            byte octet = octets[i];
            if (octet >= 0 && octet <= ' ') {
                octets[i] = '_';
            }
        }
    }

    /** Puts {@code original} in the place of as many octets from {@code start} on. */
    void replace(int start, byte[] original) {
        System.arraycopy(original, 0, octets, start, original.length);
    }

    /** Letters after anything but letters and digits become capitals, as Envoy does it. */
    void properCase(int start) {
        boolean capital = true;
        for (int i = start; i < length; i++) {
            byte octet = octets[i];
            boolean letter = octet >= 'a' && octet <= 'z';
            if (letter && capital) {
                octets[i] = (byte) (octet - 32);
            }
            capital = !letter && !(octet >= 'A' && octet <= 'Z') && !Octets.isDigit(octet);
        }
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(octets, 0, length);
    }
}
