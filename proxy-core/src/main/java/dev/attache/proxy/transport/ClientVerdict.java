package dev.attache.proxy.transport;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake would make of a client's certificate, or of there being none. Immutable.
 *
 * @param asked clients are asked for one; who is not asked shows none
 * @param validated it is good by the rules
 * @param refusal why the handshake fails, in the words of the log, or null
 * @param shown the server's own certificate, null where which one depends on the client's hello
 */
public record ClientVerdict(
        boolean asked,
        boolean validated,
        @Nullable String refusal,
        @Nullable X509Certificate shown) {

    /** Of transports without TLS. */
    public static final ClientVerdict NOT_ASKED = new ClientVerdict(false, false, null, null);
}
