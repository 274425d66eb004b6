package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.address.IpAddress;

/**
 * Whom an authority means: a name, or an address without brackets, and a port. Immutable.
 *
 * @param port -1 where there is none
 */
public record HostPort(String host, int port) {

    private static final int MAX_PORT = 65_535;

    /**
     * Reads {@code host}, {@code host:port}, {@code [v6]} or {@code [v6]:port} as Envoy does: what
     * stands behind the last colon and is no port belongs to the name, which then leads nowhere.
     */
    public static HostPort parse(String authority) {
        String host = authority;
        int port = -1;
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && !authority.endsWith("]")) {
            port = port(authority, colon + 1);
            host = port < 0 ? authority : authority.substring(0, colon);
        }
        if (host.length() > 2 && host.startsWith("[") && host.endsWith("]")) {
            String inner = host.substring(1, host.length() - 1);
            if (IpAddress.isLiteral(inner)) {
                host = inner;
            }
        }
        return new HostPort(host, port);
    }

    private static int port(String text, int from) {
        int length = text.length() - from;
        if (length == 0 || length > 5) {
            return -1;
        }
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = port * 10 + c - '0';
        }
        return port > MAX_PORT ? -1 : port;
    }

    /**
     * Under which name a cache keeps {@code authority}: with a port, this one where it has none.
     */
    public static String key(String authority, int port) {
        int colon = authority.lastIndexOf(':');
        return colon >= 0 && authority.lastIndexOf(']') < colon
                ? authority
                : authority + ':' + port;
    }

    /** As it stands before a port. */
    public String bracketed() {
        return host.indexOf(':') >= 0 && IpAddress.isLiteral(host) ? '[' + host + ']' : host;
    }
}
