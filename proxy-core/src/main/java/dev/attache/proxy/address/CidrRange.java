package dev.attache.proxy.address;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** An IP prefix, host bits cleared. Immutable; matches only its own address family. */
public record CidrRange(InetAddress network, int prefixLength) {

    public CidrRange {
        byte[] bytes = network.getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException(
                    "prefix length " + prefixLength + " does not fit " + network.getHostAddress());
        }
        network = masked(bytes, prefixLength);
    }

    public static CidrRange of(IpAddress address, int prefixLength) {
        return new CidrRange(address.ip(), prefixLength);
    }

    private static InetAddress masked(byte[] bytes, int length) {
        for (int i = 0; i < bytes.length; i++) {
            int keep = Math.clamp(length - i * 8L, 0, 8);
            bytes[i] &= (byte) (0xff00 >> keep);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException("not an IP address", impossible);
        }
    }

    public boolean contains(InetAddress address) {
        byte[] candidate = address.getAddress();
        byte[] own = network.getAddress();
        if (candidate.length != own.length) {
            return false;
        }
        int whole = prefixLength >>> 3;
        for (int i = 0; i < whole; i++) {
            if (candidate[i] != own[i]) {
                return false;
            }
        }
        int rest = prefixLength & 7;
        return rest == 0 || ((candidate[whole] ^ own[whole]) & (0xff00 >> rest) & 0xff) == 0;
    }

    @Override
    public String toString() {
        return io.netty.util.NetUtil.toAddressString(network) + "/" + prefixLength;
    }
}
