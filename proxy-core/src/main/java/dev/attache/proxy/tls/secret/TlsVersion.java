package dev.attache.proxy.tls.secret;

/** Protocol versions, oldest first, with the names that {@code %DOWNSTREAM_TLS_VERSION%} prints. */
public enum TlsVersion {
    TLS_1_0("TLSv1"),
    TLS_1_1("TLSv1.1"),
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String opensslName;

    TlsVersion(String opensslName) {
        this.opensslName = opensslName;
    }

    public String opensslName() {
        return opensslName;
    }
}
