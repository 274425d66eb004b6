package dev.attache.proxy.tls;

import dev.attache.proxy.connection.TlsInfo;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * Names the algorithm a peer has signed its handshake with, as BoringSSL calls it. The binding does
 * not tell it, so it is what follows from the peer's key and the order in which BoringSSL offers
 * algorithms: certain for ECDSA in TLS 1.3, else what peers choose that heed that order. Pure.
 */
final class PeerSignature {

    private static final int P256_BITS = 256;
    private static final int P384_BITS = 384;

    private PeerSignature() {}

    /**
     * @param ofServer whether the peer is the server, which signs nothing in an RSA key exchange
     * @return empty where the peer has signed nothing, or with a key of another kind
     */
    static String of(TlsInfo info, boolean ofServer) {
        if (!info.peerCertificatePresented() || ofServer && info.group().isEmpty()) {
            return "";
        }
        X509Certificate leaf = info.peerCertificates().getFirst();
        return of(leaf.getPublicKey(), info.version().equals("TLSv1.3"));
    }

    static String of(PublicKey key, boolean boundToCurve) {
        if (key instanceof RSAPublicKey) {
            return "rsa_pss_rsae_sha256";
        }
        if (!(key instanceof ECPublicKey ec)) {
            return "";
        }
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        if (bits == P256_BITS || !boundToCurve) {
            return "ecdsa_secp256r1_sha256";
        }
        return bits == P384_BITS ? "ecdsa_secp384r1_sha384" : "ecdsa_secp521r1_sha512";
    }
}
