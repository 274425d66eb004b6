package dev.attache.filters.cel.function;

/** Characters of a text that is its UTF-8 octets. Stateless. */
final class CodePoints {
    private CodePoints() {}

    static int count(String octets) {
        int count = 0;
        for (int i = 0; i < octets.length(); i++) {
            if (isFirst(octets.charAt(i))) {
                count++;
            }
        }
        return count;
    }

    /** Where the character of that number begins; the end of the text for the one behind it. */
    static int offset(String octets, long character) {
        int at = 0;
        for (long left = character; left > 0 && at < octets.length(); left--) {
            at++;
            while (at < octets.length() && !isFirst(octets.charAt(at))) {
                at++;
            }
        }
        return at;
    }

    /** The characters in reverse, each as it is. */
    static String reverse(String octets) {
        StringBuilder out = new StringBuilder(octets.length());
        int end = octets.length();
        for (int at = end - 1; at >= 0; at--) {
            if (at == 0 || isFirst(octets.charAt(at))) {
                out.append(octets, at, end);
                end = at;
            }
        }
        return out.toString();
    }

    private static boolean isFirst(char octet) {
        return (octet & 0xc0) != 0x80;
    }
}
