package dev.attache.console.admin;

import dev.attache.console.command.UsageException;

/** Where an admin port is. */
public sealed interface AdminAddress {

    /** An address or a name without brackets, and a port. */
    record Tcp(String host, int port) implements AdminAddress {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A socket in the file system; with {@code @} in front an abstract one, which is refused. */
    record Unix(String path) implements AdminAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * Reads {@code HOST:PORT}, {@code [V6]:PORT}, {@code PORT}, {@code unix:PATH}, and a URL of
     * either scheme.
     *
     * @throws UsageException with what is wrong, naming the text
     */
    static AdminAddress parse(String text) throws UsageException {
        if (text.startsWith("unix:")) {
            return unix(text.substring("unix:".length()), text);
        }
        String bare = text.replaceFirst("^https?://", "").replaceFirst("/$", "");
        int colon = bare.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : bare.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new UsageException(
                    "admin address \"" + text + "\": an IPv6 address stands in brackets");
        }
        if (host.isEmpty()) {
            throw new UsageException("admin address \"" + text + "\" names no host");
        }
        return new Tcp(host, port(bare.substring(colon + 1), text));
    }

    private static Unix unix(String path, String text) throws UsageException {
        if (path.isEmpty() || path.startsWith("@")) {
            throw new UsageException(
                    "admin address \""
                            + text
                            + "\": after unix: stands the path of a socket in the file system");
        }
        return new Unix(path);
    }

    private static int port(String digits, String text) throws UsageException {
        try {
            int port = Integer.parseInt(digits);
            if (port > 0 && port < 1 << 16) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "admin address \"" + text + "\" is HOST:PORT, PORT or unix:PATH", e);
        }
        throw new UsageException("admin address \"" + text + "\": a port is between 1 and 65535");
    }
}
