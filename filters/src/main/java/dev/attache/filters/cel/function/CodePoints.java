package dev.attache.filters.cel.function;

/** Characters of a text that is its UTF-8 octets. Stateless. */
final class CodePoints {
    private CodePoints() {}

    static int count(String octets) {
        return count(octets, octets.length());
    }

    /** Of what stands before an octet. */
    static int count(String octets, int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
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
            at = next(octets, at);
        }
        return at;
    }

    /** Where the character behind the one that stands at an octet begins. */
    static int next(String octets, int at) {
        int next = at + 1;
        while (next < octets.length() && !isFirst(octets.charAt(next))) {
            next++;
        }
        return Math.min(next, octets.length());
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
