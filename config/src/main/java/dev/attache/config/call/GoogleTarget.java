package dev.attache.config.call;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.upstream.host.EndpointAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code target_uri} as gRPC reads it (grpc/doc/naming.md): {@code dns:}, {@code ipv4:}, {@code
 * ipv6:}, {@code unix:} and {@code unix-abstract:}; what begins with no scheme of gRPC's is a name
 * for DNS. Immutable.
 *
 * @param address the first one
 * @param others to be tried after it
 * @param authority of requests, and with its port left out the name that a certificate must carry
 */
record GoogleTarget(EndpointAddress address, List<Address> others, String authority) {

    private static final String UNREADABLE =
            "is no target of the kinds dns:, ipv4:, ipv6:, unix: and unix-abstract:";

    /** Of a target that does not say. */
    private static final int PORT = 443;

    boolean isLocal() {
        return address instanceof EndpointAddress.Literal literal
                && literal.address() instanceof PipeAddress;
    }

    /** The authority without its port. */
    String host() {
        HostPort known = HostPort.of(authority, PORT);
        return known == null ? authority : known.host();
    }

    /** Null with the error reported. */
    static @Nullable GoogleTarget of(String uri, CompileContext context) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 1);
        GoogleTarget target =
                switch (scheme) {
                    case "dns" -> named(path(rest));
                    case "ipv4", "ipv6" -> literals(path(rest));
                    // Behind two slashes comes an absolute path.
                    case "unix" -> unix(rest.startsWith("//") ? rest.substring(2) : rest);
                    case "unix-abstract" -> unix("@" + rest);
                    case "xds", "google-c2p", "vsock" -> null;
                    default -> named(uri);
                };
        if (target == null) {
            context.error("'" + uri + "' " + UNREADABLE);
        }
        return target;
    }

    /** What stands behind an empty authority; null where there is one. */
    private static @Nullable String path(String rest) {
        if (!rest.startsWith("//")) {
            return rest;
        }
        int slash = rest.indexOf('/', 2);
        return slash == 2 ? rest.substring(3) : null;
    }

    private static @Nullable GoogleTarget unix(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            return null;
        }
        Address pipe = new PipeAddress(path);
        return new GoogleTarget(new EndpointAddress.Literal(pipe), List.of(), "localhost");
    }

    private static @Nullable GoogleTarget named(@Nullable String text) {
        HostPort target = text == null ? null : HostPort.of(text, PORT);
        if (text == null || target == null || !target.isName()) {
            return null;
        }
        if (IpAddress.isLiteral(target.host())) {
            return literals(text);
        }
        return new GoogleTarget(
                new EndpointAddress.Named(target.host(), target.port()), List.of(), text);
    }

    private static @Nullable GoogleTarget literals(@Nullable String text) {
        if (text == null) {
            return null;
        }
        List<Address> all = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            HostPort one = HostPort.of(each, PORT);
            if (one == null || !IpAddress.isLiteral(one.host())) {
                return null;
            }
            all.add(IpAddress.parse(one.host(), one.port()));
        }
        return new GoogleTarget(
                new EndpointAddress.Literal(all.getFirst()), all.subList(1, all.size()), text);
    }

    /** {@code host}, {@code host:port} or {@code [v6]:port}. */
    private record HostPort(String host, int port) {

        /** Null: neither. */
        static @Nullable HostPort of(String text, int port) {
            int end = text.startsWith("[") ? text.indexOf(']') : -1;
            if (text.startsWith("[") && end < 0) {
                return null;
            }
            int colon = text.indexOf(':', Math.max(0, end));
            // More than one colon without brackets is an address of IPv6 without a port.
            if (colon < 0 || end < 0 && text.indexOf(':', colon + 1) >= 0) {
                return new HostPort(end < 0 ? text : text.substring(1, end), port);
            }
            String host = end < 0 ? text.substring(0, colon) : text.substring(1, end);
            int given = number(text.substring(colon + 1));
            return given < 0 ? null : new HostPort(host, given);
        }

        private static int number(String digits) {
            if (digits.isEmpty() || digits.length() > 5) {
                return -1;
            }
            int number = 0;
            for (int i = 0; i < digits.length(); i++) {
                char c = digits.charAt(i);
                if (c < '0' || c > '9') {
                    return -1;
                }
                number = number * 10 + c - '0';
            }
            return number > 65_535 ? -1 : number;
        }

        boolean isName() {
            if (host.isEmpty()) {
                return false;
            }
            for (int i = 0; i < host.length(); i++) {
                char c = host.charAt(i);
                if (c <= ' ' || c == '/' || c == '%' || c == ',' || c == '@' || c >= 0x7F) {
                    return false;
                }
            }
            return true;
        }
    }
}
