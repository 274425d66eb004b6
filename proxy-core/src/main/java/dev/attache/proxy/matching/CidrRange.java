package dev.attache.proxy.matching;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;

/** An address prefix, {@code 10.0.0.0/8}. Immutable; the address is kept truncated. */
public record CidrRange(InetAddress prefix, int length) {

    public CidrRange {
        int bits = prefix.getAddress().length * 8;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length out of range: " + length);
        }
        prefix = truncate(prefix, length);
    }

    private static InetAddress truncate(InetAddress address, int length) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int keep = Math.clamp(length - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - keep));
        }
        try {
            // Java would take an IPv4-mapped prefix for one of IPv4, of which it has no length.
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Families never match each other; a Unix socket matches nothing. */
    public boolean contains(Address address) {
        return address instanceof IpAddress ip && contains(ip.ip());
    }

    public boolean contains(InetAddress address) {
        byte[] mine = prefix.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        int whole = length / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != other[i]) {
                return false;
            }
        }
        int rest = length % 8;
        return rest == 0 || ((mine[whole] ^ other[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    @Override
    public String toString() {
        return new IpAddress(prefix, 0).host() + "/" + length;
    }
}
