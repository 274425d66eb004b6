package dev.attache.proxy.explain;

import dev.attache.proxy.address.Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is asked about. Immutable.
 *
 * @param listener its name, or null: the one at {@code destination}
 * @param destination where the client connects to; null: the listener's own address
 * @param source the client; null: 127.0.0.1, from a port of its own
 * @param tls whether the client speaks TLS to the listener
 * @param serverName SNI in small letters; null: none
 * @param applicationProtocols ALPN
 * @param peer the client's certificate; null: it shows none
 * @param http2 whether the client speaks HTTP/2 where nothing is negotiated
 * @param method null asks about the connection alone
 * @param scheme {@code http} or {@code https}, or null: as the connection
 * @param authority {@code Host}, or null: there is none
 * @param path with its query; null: there is none
 * @param fields other header fields, names in small letters, in their order
 * @param random what the stream draws: weighted clusters and runtime fractions depend on it; null:
 *     drawn now
 */
public record Question(
        @Nullable String listener,
        @Nullable Address destination,
        @Nullable Address source,
        boolean tls,
        @Nullable String serverName,
        List<String> applicationProtocols,
        @Nullable Peer peer,
        boolean http2,
        @Nullable String method,
        @Nullable String scheme,
        @Nullable String authority,
        @Nullable String path,
        List<Field> fields,
        @Nullable Long random) {

    /** A header field; octets, one character per byte. */
    public record Field(String name, String value) {}

    public Question {
        applicationProtocols = List.copyOf(applicationProtocols);
        fields = List.copyOf(fields);
    }
}
