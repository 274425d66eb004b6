package dev.attache.iptables.ebpf.program;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * A block of addresses, kept in IPv6 form: IPv4 is {@code ::ffff:a.b.c.d}, as in the maps.
 * Immutable.
 */
public final class Cidr {
    private static final int ADDRESS_BITS = 128;
    private static final int MAPPED_BITS = 96;
    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final byte[] address;
    private final int prefix;
    private final boolean ipv4;
    private final String text;

    private Cidr(byte[] address, int prefix, boolean ipv4, String text) {
        this.address = address;
        this.prefix = prefix;
        this.ipv4 = ipv4;
        this.text = text;
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or an address alone.
     *
     * @throws IllegalArgumentException if it is none of these; a host name is none
     */
    public static Cidr parse(String text) {
        String[] parts = text.split("/", 2);
        InetAddress address = literal(parts[0], text);
        int bits = address.getAddress().length * 8;
        int length = parts.length == 2 ? length(parts[1], bits, text) : bits;
        return of(address, length, text);
    }

    /** Returns the block of one address. */
    public static Cidr of(InetAddress address) {
        return of(address, address.getAddress().length * 8, address.getHostAddress());
    }

    private static Cidr of(InetAddress address, int length, String text) {
        boolean ipv4 = address.getAddress().length == 4;
        int prefix = ipv4 ? MAPPED_BITS + length : length;
        byte[] bytes = mapped(address);
        for (int bit = prefix; bit < ADDRESS_BITS; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return new Cidr(bytes, prefix, ipv4, text);
    }

    /** The JDK would read "10" as 0.0.0.10; here IPv4 has four numbers, as in iptables. */
    private static InetAddress literal(String address, String text) {
        try {
            if (address.contains(":") || DOTTED.matcher(address).matches()) {
                return InetAddress.ofLiteral(address);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(noBlock(text), e);
        }
        throw new IllegalArgumentException(noBlock(text));
    }

    private static String noBlock(String text) {
        return "\"" + text + "\" is not an address block such as 10.0.0.0/8 or fd00::/8";
    }

    private static int length(String digits, int bits, String text) {
        if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > bits) {
            throw new IllegalArgumentException(
                    "\"" + text + "\": the prefix length must be 0 to " + bits);
        }
        return Integer.parseInt(digits);
    }

    /** Returns the 16 bytes of an address in IPv6 form. */
    public static byte[] mapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    /** Returns the address that 4 bytes, or 16 in IPv6 form, stand for. */
    public static InetAddress unmapped(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }

    /** Tells whether an address is in the block. */
    public boolean contains(InetAddress other) {
        return isIpv4() == (other.getAddress().length == 4)
                && Arrays.equals(of(other, prefix - (ipv4 ? MAPPED_BITS : 0), "").address, address);
    }

    /** Tells whether the block is of IPv4. */
    public boolean isIpv4() {
        return ipv4;
    }

    /** Tells whether the block lies in 127.0.0.0/8 or is ::1. */
    public boolean isLoopback() {
        return unmapped(address).isLoopbackAddress();
    }

    /** Tells whether the block is neither of loopback nor of link-local addresses. */
    public boolean isGlobal() {
        InetAddress first = unmapped(address);
        return !first.isLoopbackAddress() && !first.isLinkLocalAddress();
    }

    /**
     * Returns an address of the block: its first but one, or {@code otherwise} for all addresses.
     */
    public InetAddress someHost(InetAddress otherwise) {
        if (prefix == (ipv4 ? MAPPED_BITS : 0)) {
            return otherwise;
        }
        byte[] host = address.clone();
        if (prefix < ADDRESS_BITS) {
            host[15] |= 1;
        }
        return unmapped(host);
    }

    /** Returns how many of the 128 bits count. */
    int prefix() {
        return prefix;
    }

    /** Returns 32 bits of the address, first byte lowest as a little-endian load has it. */
    int word(int index) {
        return word(address, index);
    }

    /** Returns which bits of that word count. */
    int mask(int index) {
        byte[] mask = new byte[16];
        for (int bit = 0; bit < prefix; bit++) {
            mask[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return word(mask, index);
    }

    private static int word(byte[] bytes, int index) {
        int at = index * 4;
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    /** Returns the block as the key of a longest-prefix map: bits that count, then the address. */
    public byte[] trieKey() {
        byte[] key = new byte[20];
        key[0] = (byte) prefix;
        System.arraycopy(address, 0, key, 4, 16);
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr c && prefix == c.prefix && Arrays.equals(address, c.address);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address) * 31 + prefix;
    }

    @Override
    public String toString() {
        return text;
    }
}
