package dev.attache.filters.filter_state;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Envoy's factories of filter state make of text, by their names. */
enum ObjectKind {
    TEXT,
    HASHABLE_TEXT,
    NAME,
    HIDDEN,
    BOOL,
    TRUE_OR_NOT,
    NUMBER,
    LONG_NUMBER,
    SOCKET_ADDRESS,
    IP;

    private static final int BITS_OF_NUMBER = 32;

    /** The kind that a factory makes, or null where there is no such factory. */
    static @Nullable ObjectKind of(String factory) {
        return switch (factory) {
            case "envoy.string", "envoy.upstream.dynamic_host" -> TEXT;
            case "envoy.hashable_string", "istio.hashable_string" -> HASHABLE_TEXT;
            case "envoy.bool" -> BOOL;
            case "envoy.tcp_proxy.disable_tunneling" -> TRUE_OR_NOT;
            case "envoy.network.application_protocols" -> HIDDEN;
            case "envoy.network.upstream_server_name",
                    "envoy.network.upstream_subject_alt_names",
                    "envoy.network.network_namespace",
                    "envoy.tcp_proxy.cluster" ->
                    NAME;
            case "envoy.ratelimit.hits_addend", "envoy.upstream.dynamic_port" -> NUMBER;
            case "envoy.tcp_proxy.per_connection_idle_timeout_ms" -> LONG_NUMBER;
            case "envoy.filters.listener.original_dst.local_ip",
                    "envoy.filters.listener.original_dst.remote_ip",
                    "envoy.network.transport_socket.original_dst_address" ->
                    SOCKET_ADDRESS;
            case "envoy.network.ip" -> IP;
            default -> null;
        };
    }

    /** Whether Envoy has such a factory, for what this proxy does not have. */
    static boolean isOfEnvoyAlone(String factory) {
        return switch (factory) {
            case "envoy.network.transport_socket.http_11_proxy.info",
                    "envoy.router.debug_config",
                    "envoy.ai.llm_protocol.request",
                    "envoy.ai.model.request" ->
                    true;
            default -> false;
        };
    }

    /**
     * The object, or null where the text is none of its kind.
     *
     * @param octets characters are bytes
     */
    FilterState.@Nullable Value make(String octets) {
        return switch (this) {
            case TEXT -> new FilterState.Text(octets);
            case HASHABLE_TEXT -> new StateValue.HashableText(octets);
            case NAME -> new StateValue.Name(octets);
            case HIDDEN -> new StateValue.Hidden(octets);
            case BOOL -> flag(octets);
            case TRUE_OR_NOT -> new StateValue.Flag(octets.equals("true"));
            case NUMBER -> number(octets);
            case LONG_NUMBER -> longNumber(octets);
            case SOCKET_ADDRESS -> {
                IpAddress address = IpAddress.parseWithPort(octets);
                yield address == null ? null : new FilterState.SocketAddress(address);
            }
            case IP ->
                    IpAddress.isLiteral(octets)
                            ? new StateValue.Ip(IpAddress.parse(octets, 0))
                            : null;
        };
    }

    private static FilterState.@Nullable Value flag(String text) {
        return switch (Octets.isAscii(text) ? text.toLowerCase(Locale.ROOT) : text) {
            case "true", "t", "yes", "y", "1" -> new StateValue.Flag(true);
            case "false", "f", "no", "n", "0" -> new StateValue.Flag(false);
            default -> null;
        };
    }

    private static FilterState.@Nullable Value number(String text) {
        Long number = unsigned(text);
        return number == null || number >>> BITS_OF_NUMBER != 0
                ? null
                : new StateValue.Number(number);
    }

    private static FilterState.@Nullable Value longNumber(String text) {
        Long number = unsigned(text);
        return number == null ? null : new StateValue.LongNumber(number);
    }

    /** Digits, with blanks around them; a sign only before a number that has one anyway. */
    private static @Nullable Long unsigned(String text) {
        String digits = text.strip();
        digits = digits.startsWith("+") ? digits.substring(1) : digits;
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            return null; // none, or more than 64 bits
        }
    }
}
