package dev.attache.agent.mesh;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A host with a port, as Go splits them ({@code net.SplitHostPort}).
 *
 * @param host a name or an address, without brackets
 * @param port as it is written
 */
public record HostPort(String host, String port) {

    /**
     * Splits {@code host:port} or {@code [v6]:port}.
     *
     * @throws IllegalArgumentException if there is no port, or brackets are missing
     */
    public static HostPort parse(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "address " + address + ": missing port in address; write host:port");
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[")) {
            if (!host.endsWith("]")) {
                throw new IllegalArgumentException("address " + address + ": missing ']'");
            }
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "address " + address + ": too many colons in address; write [v6]:port");
        }
        return new HostPort(host, address.substring(colon + 1));
    }

    /** The port's number, -1 if it is none. */
    public int number() {
        try {
            return Integer.parseInt(port);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** With an address in place of the name, of IPv4 where it has one. Waits for DNS. */
    String resolved() throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(host);
        InetAddress found =
                Arrays.stream(all)
                        .filter(Inet4Address.class::isInstance)
                        .findFirst()
                        .orElse(all[all.length - 1]);
        String text = NetUtil.toAddressString(found);
        return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + port;
    }
}
