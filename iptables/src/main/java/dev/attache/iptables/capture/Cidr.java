package dev.attache.iptables.capture;

import org.jspecify.annotations.Nullable;

/**
 * An address range as written: the address is kept unmasked, because that is how it is handed to
 * iptables. Immutable.
 *
 * @param address the address before the slash
 * @param bits prefix length, 0..32 or 0..128
 */
public record Cidr(IpAddress address, int bits) {
    /** Parses {@code address/bits}; null if it is not one (leading zeros and zones are refused). */
    public static @Nullable Cidr parse(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return null;
        }
        IpAddress address = IpAddress.parse(text.substring(0, slash));
        int bits = bits(text.substring(slash + 1));
        if (address == null || address.hasZone() || bits < 0) {
            return null;
        }
        return bits > (address.isV4() ? 32 : 128) ? null : new Cidr(address, bits);
    }

    private static int bits(String text) {
        if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** True if {@code candidate} is of the same family and its first {@link #bits} bits agree. */
    public boolean contains(IpAddress candidate) {
        if (candidate.isV4() != address.isV4()) {
            return false;
        }
        byte[] mine = address.bytes();
        byte[] theirs = candidate.bytes();
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != theirs[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((mine[whole] ^ theirs[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
