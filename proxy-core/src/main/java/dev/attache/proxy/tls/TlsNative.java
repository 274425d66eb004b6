package dev.attache.proxy.tls;

import io.netty.buffer.ByteBufUtil;
import io.netty.internal.tcnative.SSL;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Settings of one SSL object that Netty's contexts do not offer. */
final class TlsNative {

    /** A longer name cannot be sent: RFC 6066 section 3, as BoringSSL reads it. */
    private static final int MAX_SERVER_NAME = 255;

    /** Takes a name as it is; what Netty offers cuts a trailing dot off. */
    private static final MethodHandle SET_SERVER_NAME = setServerName();

    private TlsNative() {}

    private static MethodHandle setServerName() {
        try {
            return MethodHandles.privateLookupIn(SSL.class, MethodHandles.lookup())
                    .findStatic(
                            SSL.class,
                            "setTlsExtHostName0",
                            MethodType.methodType(void.class, long.class, String.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this binding of BoringSSL is another", e);
        }
    }

    /**
     * Sends a server name, whatever it looks like.
     *
     * @return false if it is too long
     */
    static boolean serverName(long ssl, String name) {
        if (name.isEmpty()) {
            return true;
        }
        if (name.length() > MAX_SERVER_NAME || ByteBufUtil.utf8Bytes(name) > MAX_SERVER_NAME) {
            return false;
        }
        try {
            SET_SERVER_NAME.invokeExact(ssl, name);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("cannot set the server name", e);
        }
        return true;
    }

    /** Sets TLS 1.2 suites in BoringSSL's notation, equal-preference groups included. */
    static void ciphers(long ssl, String suites) {
        if (suites.isEmpty()) {
            return;
        }
        try {
            SSL.setCipherSuites(ssl, suites, false);
        } catch (Exception e) {
            throw new IllegalStateException("Failed to initialize cipher suites " + suites, e);
        }
    }

    /** Sets the groups for key exchanges, in order of preference. */
    static void curves(long ssl, String[] names) {
        if (names.length > 0 && !SSL.setCurvesList(ssl, names)) {
            throw new IllegalStateException(
                    "Failed to initialize ECDH curves " + String.join(":", names));
        }
    }

    /** BoringSSL refuses renegotiation unless told otherwise; Netty allows a client one. */
    static void renegotiation(long ssl, boolean allowed) {
        try {
            SSL.setRenegotiateMode(
                    ssl, allowed ? SSL.SSL_RENEGOTIATE_FREELY : SSL.SSL_RENEGOTIATE_NEVER);
        } catch (Exception e) {
            throw new IllegalStateException("cannot set the renegotiation mode", e);
        }
    }
}
