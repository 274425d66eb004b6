package dev.attache.server.admin.message.json;

/** Single characters of UTF-8. Pure. */
final class Utf8 {
    private static final int[] LEAST = {0, 0, 0x80, 0x800, 0x10000};

    private Utf8() {}

    /** How many bytes the character has that begins there; 0 where none does. */
    static int length(byte[] bytes, int from, int to) {
        int first = bytes[from] & 0xff;
        int length = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (length == 0 || first >= 0xf8 || length > to - from) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[from + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int point = point(bytes, from, length);
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return point < LEAST[length] || point > Character.MAX_CODE_POINT || surrogate ? 0 : length;
    }

    /** The character of that many bytes. */
    static int point(byte[] bytes, int from, int length) {
        int point = length == 1 ? bytes[from] : bytes[from] & 0xff >> length + 1;
        for (int i = 1; i < length; i++) {
            point = point << 6 | bytes[from + i] & 0x3f;
        }
        return point;
    }
}
