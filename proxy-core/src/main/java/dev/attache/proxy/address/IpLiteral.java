package dev.attache.proxy.address;

import org.jspecify.annotations.Nullable;

/**
 * IP literals in the forms that {@code inet_pton} takes, and no others: four decimal numbers
 * without leading zeros (which some readers take for octal), or RFC 4291 section 2.2. Two parties
 * that read one literal differently are a way around a policy. Pure.
 */
final class IpLiteral {

    private static final int GROUPS = 8;

    private IpLiteral() {}

    /** Four or sixteen octets, or null. An IPv6 zone that is a number is accepted and dropped. */
    static byte @Nullable [] octets(String literal) {
        if (literal.indexOf(':') < 0) {
            byte[] four = new byte[4];
            return v4(literal, 0, literal.length(), four, 0) ? four : null;
        }
        int zone = literal.indexOf('%');
        if (zone < 0) {
            return v6(literal, literal.length());
        }
        return isNumber(literal, zone + 1) ? v6(literal, zone) : null;
    }

    private static boolean isNumber(String text, int start) {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > start && text.length() - start < 10;
    }

    private static boolean v4(String text, int start, int end, byte[] into, int at) {
        int i = start;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (i == end || text.charAt(i++) != '.')) {
                return false;
            }
            int first = i;
            int value = 0;
            while (i < end && text.charAt(i) >= '0' && text.charAt(i) <= '9' && i - first < 3) {
                value = value * 10 + text.charAt(i++) - '0';
            }
            boolean leadingZero = i - first > 1 && text.charAt(first) == '0';
            if (i == first || leadingZero || value > 255) {
                return false;
            }
            into[at + part] = (byte) value;
        }
        return i == end;
    }

    private static byte @Nullable [] v6(String text, int end) {
        byte[] octets = new byte[2 * GROUPS];
        int filled = 0;
        int gap = -1;
        int i = 0;
        if (text.startsWith(":")) {
            if (!text.startsWith("::")) {
                return null;
            }
            i = 1;
        }
        while (i < end) {
            if (text.charAt(i) == ':') {
                // The second of two colons: the zeros stand here.
                if (gap >= 0) {
                    return null;
                }
                gap = filled;
                i++;
                continue;
            }
            int next = endOfGroup(text, i, end);
            if (next < end && text.charAt(next) == '.') {
                boolean fits = filled <= 12 && v4(text, i, end, octets, filled);
                return fits ? spread(octets, filled + 4, gap) : null;
            }
            int value = hex(text, i, next);
            if (value < 0 || filled == octets.length) {
                return null;
            }
            octets[filled++] = (byte) (value >> 8);
            octets[filled++] = (byte) value;
            i = next;
            if (i < end && (text.charAt(i) != ':' || ++i == end)) {
                return null;
            }
        }
        return spread(octets, filled, gap);
    }

    private static int endOfGroup(String text, int start, int end) {
        int i = start;
        while (i < end && Character.digit(text.charAt(i), 16) >= 0) {
            i++;
        }
        return i;
    }

    private static int hex(String text, int start, int end) {
        if (start == end || end - start > 4) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            value = value * 16 + Character.digit(text.charAt(i), 16);
        }
        return value;
    }

    /** Moves what came after the double colon to the end. */
    private static byte @Nullable [] spread(byte[] octets, int filled, int gap) {
        if (gap < 0) {
            return filled == octets.length ? octets : null;
        }
        if (filled == octets.length) {
            return null;
        }
        int moved = filled - gap;
        System.arraycopy(octets, gap, octets, octets.length - moved, moved);
        java.util.Arrays.fill(octets, gap, octets.length - moved, (byte) 0);
        return octets;
    }
}
