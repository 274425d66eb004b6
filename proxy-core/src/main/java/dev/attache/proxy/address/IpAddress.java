package dev.attache.proxy.address;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** An IP address and a port (0 where none is known). Immutable; v4-mapped v6 stays what it was. */
public record IpAddress(InetAddress ip, int port) implements Address {

    public IpAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port out of range: " + port);
        }
    }

    public static IpAddress of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unresolved address: " + address.getHostString());
        }
        return new IpAddress(address.getAddress(), address.getPort());
    }

    /** Whether {@link #parse} takes it. */
    public static boolean isLiteral(String text) {
        return IpLiteral.octets(text) != null;
    }

    /**
     * Parses a literal; names are refused so that no look-up can hide here.
     *
     * @throws IllegalArgumentException if {@code literal} is not an IPv4 or IPv6 literal
     */
    public static IpAddress parse(String literal, int port) {
        byte[] bytes = IpLiteral.octets(literal);
        if (bytes == null) {
            throw new IllegalArgumentException("malformed IP address: " + literal);
        }
        try {
            // Java would take an IPv4-mapped address for the IPv4 address in it.
            InetAddress ip =
                    bytes.length == 4
                            ? InetAddress.getByAddress(bytes)
                            : Inet6Address.getByAddress(null, bytes, -1);
            return new IpAddress(ip, port);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("malformed IP address: " + literal, impossible);
        }
    }

    /** {@code 10.0.0.1:80} or {@code [::1]:80}; null where it is neither. */
    public static @Nullable IpAddress parseWithPort(String text) {
        int colon = text.lastIndexOf(':');
        boolean v6 = text.startsWith("[");
        if (colon < 1 || v6 && text.charAt(colon - 1) != ']') {
            return null;
        }
        String literal = v6 ? text.substring(1, colon - 1) : text.substring(0, colon);
        String digits = text.substring(colon + 1);
        byte[] octets = IpLiteral.octets(literal);
        if (octets == null || (octets.length == 4) == v6 || digits.isEmpty()) {
            return null;
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || port > 65535) {
                return null;
            }
            port = port * 10 + digit;
        }
        return port > 65535 ? null : parse(literal, port);
    }

    public boolean isV6() {
        return ip instanceof Inet6Address;
    }

    public IpAddress withPort(int newPort) {
        return newPort == port ? this : new IpAddress(ip, newPort);
    }

    /**
     * The bare IP in RFC 5952 form, without brackets or port; an IPv4 address behind nothing but
     * zeros is written as one, as by {@code inet_ntop}.
     */
    public String host() {
        byte[] octets = ip.getAddress();
        return octets.length > 4 && isBehindZeros(octets)
                ? "::" + NetUtil.bytesToIpAddress(octets, 12, 4)
                : NetUtil.toAddressString(ip, true);
    }

    private static boolean isBehindZeros(byte[] octets) {
        for (int i = 0; i < 12; i++) {
            if (octets[i] != 0) {
                return false;
            }
        }
        return octets[12] != 0 || octets[13] != 0;
    }

    @Override
    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(ip, port);
    }

    @Override
    public String toString() {
        return isV6() ? "[" + host() + "]:" + port : host() + ":" + port;
    }
}
