package dev.attache.proxy.tls.hello;

import java.nio.charset.StandardCharsets;

/** Bounds-checked reading of a message; after the first overrun everything reads as empty. */
final class Cursor {

    final byte[] bytes;
    int at;
    final int end;
    boolean failed;

    Cursor(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    int left() {
        return end - at;
    }

    int u8() {
        if (failed || left() < 1) {
            failed = true;
            return 0;
        }
        return bytes[at++] & 0xff;
    }

    int u16() {
        int high = u8();
        return high << 8 | u8();
    }

    /** What is left as 16-bit numbers. */
    int[] numbers() {
        int[] numbers = new int[left() / 2];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (bytes[at + 2 * i] & 0xff) << 8 | bytes[at + 2 * i + 1] & 0xff;
        }
        return numbers;
    }

    void skip(int count) {
        if (failed || count > left()) {
            failed = true;
            return;
        }
        at += count;
    }

    Cursor sub(int length) {
        if (failed || length > left()) {
            failed = true;
            Cursor nothing = new Cursor(bytes, end, end);
            nothing.failed = true;
            return nothing;
        }
        Cursor part = new Cursor(bytes, at, at + length);
        at += length;
        return part;
    }

    String text() {
        return new String(bytes, at, left(), StandardCharsets.ISO_8859_1);
    }
}
