package dev.attache.filters.http.grpc_json_transcoder.json;

/** Octets that are text in UTF-8, or are not. */
final class Utf8 {
    private Utf8() {}

    /** How many octets, from the first on, are whole characters. */
    static int validPrefix(String octets) {
        int at = 0;
        while (at < octets.length()) {
            int length = length(octets, at);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return at;
    }

    /** Of the character that begins there; 0 = none does, or it is not whole. */
    static int length(String octets, int at) {
        int first = octets.charAt(at);
        if (first < 0x80) {
            return 1;
        }
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || at + length > octets.length()) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((octets.charAt(at + i) & 0xc0) != 0x80) {
                return 0;
            }
        }
        int code = codePoint(octets, at, length);
        boolean shortest = code >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
        boolean surrogate = code >= 0xd800 && code <= 0xdfff;
        return shortest && !surrogate && code <= Character.MAX_CODE_POINT ? length : 0;
    }

    /** Of a character that is whole. */
    static int codePoint(String octets, int at, int length) {
        int code = octets.charAt(at);
        if (length > 1) {
            code &= 0x7f >> length;
        }
        for (int i = 1; i < length; i++) {
            code = code << 6 | octets.charAt(at + i) & 0x3f;
        }
        return code;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** What a name without quotes may begin with. */
    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
    }

    static boolean isKeyPart(char c) {
        return isLetter(c) || isDigit(c);
    }

    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** Four hexadecimal digits; -1 where they are none. */
    static int hex(String text, int from) {
        int code = 0;
        for (int i = from; i < from + 4; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            code = code << 4 | digit;
        }
        return code;
    }
}
