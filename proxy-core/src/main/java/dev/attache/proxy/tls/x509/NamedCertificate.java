package dev.attache.proxy.tls.x509;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate made up for its names, which nobody has signed: for questions about what would be
 * done with a peer of these names. Pure.
 */
public final class NamedCertificate {

    private static final int URI = 0x86;
    private static final int DNS = 0x82;

    /** {@code ecdsa-with-SHA256}. */
    private static final byte[] ALGORITHM = {
        0x30, 0x0a, 0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    private static final byte[] VERSION_3 = {(byte) 0xa0, 0x03, 0x02, 0x01, 0x02};
    private static final byte[] SERIAL = {0x02, 0x01, 0x01};
    private static final byte[] SUBJECT_ALT_NAME = {0x06, 0x03, 0x55, 0x1d, 0x11};
    private static final byte[] CRITICAL = {0x01, 0x01, (byte) 0xff};
    private static final byte[] NOBODY = new X500Principal("CN=nobody").getEncoded();
    private static final byte[] NO_SIGNATURE = {0x03, 0x01, 0x00};

    private NamedCertificate() {}

    /**
     * Makes one that is valid for all times.
     *
     * @param subject RFC 2253, or empty
     * @throws IllegalArgumentException where the subject is no distinguished name, or a name not
     *     ASCII
     */
    public static X509Certificate of(String subject, List<String> uris, List<String> dnsNames) {
        byte[] name = new X500Principal(subject).getEncoded();
        byte[] names = Der.concat(names(URI, uris), names(DNS, dnsNames));
        try {
            byte[] body =
                    Der.sequence(
                            Der.concat(
                                    VERSION_3,
                                    SERIAL,
                                    ALGORITHM,
                                    NOBODY,
                                    Der.sequence(Der.concat(time("19700101"), time("99991231"))),
                                    name,
                                    key(),
                                    names.length == 0 ? names : extensions(names)));
            byte[] whole = Der.sequence(Der.concat(body, ALGORITHM, NO_SIGNATURE));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no certificate has such names: " + e, e);
        }
    }

    private static byte[] names(int kind, List<String> names) {
        byte[] all = {};
        for (String name : names) {
            if (!name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("'" + name + "' is no name in ASCII");
            }
            all = Der.concat(all, Der.element(kind, name.getBytes(StandardCharsets.US_ASCII)));
        }
        return all;
    }

    private static byte[] extensions(byte[] names) {
        byte[] value = Der.element(0x04, Der.sequence(names));
        byte[] one = Der.sequence(Der.concat(SUBJECT_ALT_NAME, CRITICAL, value));
        return Der.element(0xa3, Der.sequence(one));
    }

    private static byte[] time(String day) {
        return Der.element(0x18, (day + "000000Z").getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] key() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded();
    }
}
