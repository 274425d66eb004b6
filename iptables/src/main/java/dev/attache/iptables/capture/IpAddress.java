package dev.attache.iptables.capture;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, parsed from its literal form only (no name lookup) and printed as RFC
 * 5952 asks. Leading zeros in IPv4 octets are refused, as Go's {@code netip} does. Immutable.
 */
public final class IpAddress {
    private final byte[] octets;
    private final String zone;

    private IpAddress(byte[] octets, String zone) {
        this.octets = octets;
        this.zone = zone;
    }

    /** From 4 or 16 network-order bytes. */
    public static IpAddress of(byte[] octets) {
        return new IpAddress(octets.clone(), "");
    }

    /** Parses a literal; null if it is not one. */
    public static @Nullable IpAddress parse(String text) {
        if (text.indexOf(':') < 0) {
            byte[] four = parseFour(text);
            return four == null ? null : new IpAddress(four, "");
        }
        int percent = text.indexOf('%');
        String zone = percent < 0 ? "" : text.substring(percent + 1);
        if (percent >= 0 && zone.isEmpty()) {
            return null;
        }
        byte[] sixteen = parseSixteen(percent < 0 ? text : text.substring(0, percent));
        return sixteen == null ? null : new IpAddress(sixteen, zone);
    }

    private static byte @Nullable [] parseFour(String text) {
        byte[] result = new byte[4];
        int field = 0;
        int at = 0;
        while (field < 4) {
            int dot = text.indexOf('.', at);
            int end = dot < 0 ? text.length() : dot;
            int value = decimalOctet(text, at, end);
            if (value < 0 || (field < 3) != (dot >= 0)) {
                return null;
            }
            result[field++] = (byte) value;
            at = end + 1;
        }
        return result;
    }

    private static int decimalOctet(String text, int from, int to) {
        if (to <= from || to - from > 3 || (to - from > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value > 255 ? -1 : value;
    }

    private static byte @Nullable [] parseSixteen(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, 16, true);
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = groups(text.substring(0, gap), -1, false);
        byte[] tail = groups(text.substring(gap + 2), -1, true);
        if (head == null || tail == null || head.length + tail.length > 14) {
            return null;
        }
        byte[] result = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, result, 16 - tail.length, tail.length);
        return result;
    }

    /** Colon-separated groups, the last possibly dotted; {@code want} bytes, -1 for any number. */
    private static byte @Nullable [] groups(String text, int want, boolean dotted) {
        byte[] result = new byte[16];
        int length = 0;
        int at = 0;
        while (at < text.length()) {
            int colon = text.indexOf(':', at);
            int end = colon < 0 ? text.length() : colon;
            String group = text.substring(at, end);
            byte[] part =
                    dotted && colon < 0 && group.indexOf('.') >= 0
                            ? parseFour(group)
                            : hexGroup(group);
            if (part == null || length + part.length > 16 || end == text.length() - 1) {
                return null;
            }
            System.arraycopy(part, 0, result, length, part.length);
            length += part.length;
            at = end + 1;
        }
        return want >= 0 && length != want ? null : Arrays.copyOf(result, length);
    }

    private static byte @Nullable [] hexGroup(String group) {
        if (group.isEmpty() || group.length() > 4) {
            return null;
        }
        int value = 0;
        for (int i = 0; i < group.length(); i++) {
            int digit = Character.digit(group.charAt(i), 16);
            if (digit < 0) {
                return null;
            }
            value = value << 4 | digit;
        }
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    public boolean isV4() {
        return octets.length == 4;
    }

    /** The 4 or 16 bytes, network order. A copy. */
    public byte[] bytes() {
        return octets.clone();
    }

    boolean hasZone() {
        return !zone.isEmpty();
    }

    /** 127.0.0.0/8, ::1, or the former mapped into IPv6. */
    public boolean isLoopback() {
        if (isV4()) {
            return octets[0] == 127;
        }
        if (isMapped()) {
            return octets[12] == 127;
        }
        for (int i = 0; i < 15; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return octets[15] == 1;
    }

    /** 169.254.0.0/16 or fe80::/10. */
    public boolean isLinkLocal() {
        return isV4()
                ? octets[0] == (byte) 169 && octets[1] == (byte) 254
                : octets[0] == (byte) 0xfe && (octets[1] & 0xc0) == 0x80;
    }

    /** True for ::ffff:0:0/96. */
    public boolean isMapped() {
        if (isV4()) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return octets[10] == -1 && octets[11] == -1;
    }

    /** An IPv4-mapped address as IPv4; any other unchanged. */
    public IpAddress unmapped() {
        return isMapped() ? new IpAddress(Arrays.copyOfRange(octets, 12, 16), "") : this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that
                && Arrays.equals(octets, that.octets)
                && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        if (isV4()) {
            return dotted(0);
        }
        String plain = isMapped() ? "::ffff:" + dotted(12) : compressed();
        return zone.isEmpty() ? plain : plain + "%" + zone;
    }

    private String dotted(int from) {
        return (octets[from] & 255)
                + "."
                + (octets[from + 1] & 255)
                + "."
                + (octets[from + 2] & 255)
                + "."
                + (octets[from + 3] & 255);
    }

    private int group(int index) {
        return (octets[2 * index] & 255) << 8 | (octets[2 * index + 1] & 255);
    }

    private String compressed() {
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && group(end) == 0) {
                end++;
            }
            if (end - i > bestLength) {
                bestStart = i;
                bestLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(i)));
        }
        return text.toString();
    }
}
