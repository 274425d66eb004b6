package dev.attache.proxy.tls;

/** Names of TLS stats that others look for. */
public final class TlsStatNames {

    /** Ends the gauge of each certificate: seconds since 1970 at which it expires. */
    public static final String EXPIRATION = ".expiration_unix_time_seconds";

    private TlsStatNames() {}
}
