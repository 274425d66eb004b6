package dev.attache.agent.pem;

import java.io.IOException;
import java.security.PrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.util.io.pem.PemObject;

/** A key in the shape of its algorithm: PKCS#1 (RFC 8017 A.1.2) or SEC 1 (RFC 5915). */
final class SpecificKey {

    private SpecificKey() {}

    static PemObject of(PrivateKey key, PrivateKeyInfo info) throws IOException {
        if (key.getAlgorithm().equals("RSA")) {
            return new PemObject(
                    "RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
        }
        ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
        int bits = bare.getKey().bitLength() > 256 ? 384 : 256;
        ECPrivateKey named =
                new ECPrivateKey(
                        Math.max(bits, size(info)),
                        bare.getKey(),
                        bare.getPublicKey(),
                        info.getPrivateKeyAlgorithm().getParameters());
        return new PemObject("EC PRIVATE KEY", named.getEncoded("DER"));
    }

    /** The octets of the number say which curve it is of, as they are padded to its order. */
    private static int size(PrivateKeyInfo info) throws IOException {
        return org.bouncycastle.asn1.ASN1OctetString.getInstance(
                                org.bouncycastle.asn1.ASN1Sequence.getInstance(
                                                info.parsePrivateKey())
                                        .getObjectAt(1))
                        .getOctets()
                        .length
                * 8;
    }
}
