package dev.attache.proxy.tls;

import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link CertificateParams} change of an SSL object, ready for a handshake. Immutable, any
 * thread.
 */
final class CertificateTuning {

    private final int forbidden;
    private final int allowed;
    private final String cipherString;
    private final String[] curves;

    private CertificateTuning(CertificateParams own, TlsParams context) {
        int off = 0;
        int on = 0;
        for (TlsVersion version : TlsVersion.values()) {
            boolean within =
                    version.compareTo(own.minVersion(context)) >= 0
                            && version.compareTo(own.maxVersion(context)) <= 0;
            off |= within ? 0 : without(version);
            on |= within ? without(version) : 0;
        }
        this.forbidden = off;
        this.allowed = on;
        this.cipherString = String.join(":", own.cipherSuites());
        this.curves = own.curves().toArray(new String[0]);
    }

    /** Null where the context's parameters hold for all of its certificates. */
    public static @Nullable List<CertificateTuning> of(
            List<CertificateParams> own, TlsParams context) {
        if (own.stream().allMatch(CertificateParams.NONE::equals)) {
            return null;
        }
        OpenSsl.ensureAvailability(); // numbers of options are its
        return own.stream().map(params -> new CertificateTuning(params, context)).toList();
    }

    private static int without(TlsVersion version) {
        return switch (version) {
            case TLS_1_0 -> SSL.SSL_OP_NO_TLSv1;
            case TLS_1_1 -> SSL.SSL_OP_NO_TLSv1_1;
            case TLS_1_2 -> SSL.SSL_OP_NO_TLSv1_2;
            case TLS_1_3 -> SSL.SSL_OP_NO_TLSv1_3;
        };
    }

    /** Before BoringSSL sees the ClientHello that the certificate answers. */
    void apply(long ssl) {
        SSL.clearOptions(ssl, allowed);
        SSL.setOptions(ssl, forbidden);
        TlsNative.ciphers(ssl, cipherString);
        TlsNative.curves(ssl, curves);
    }
}
