package dev.attache.agent.pem;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.PrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Private keys in PEM: PKCS#1, SEC 1 and PKCS#8. Stateless; any thread. */
public final class PrivateKeys {

    private PrivateKeys() {}

    /**
     * The first key of a text.
     *
     * @throws IOException if there is none, or it is encrypted
     */
    public static PrivateKey read(String text) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                if (part instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (part instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
        }
        throw new IOException("there is no private key in it that is not encrypted");
    }

    /**
     * A key as Go's programs write it.
     *
     * @param pkcs8 as {@code PRIVATE KEY}; otherwise as {@code RSA PRIVATE KEY} or {@code EC
     *     PRIVATE KEY}
     */
    public static String write(PrivateKey key, boolean pkcs8) {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        try (StringWriter text = new StringWriter();
                PemWriter writer = new PemWriter(text)) {
            if (pkcs8) {
                writer.writeObject(new PemObject("PRIVATE KEY", info.getEncoded()));
            } else {
                writer.writeObject(SpecificKey.of(key, info));
            }
            writer.flush();
            return text.toString();
        } catch (IOException e) {
            throw new IllegalStateException("a key of " + key.getAlgorithm(), e); // memory only
        }
    }
}
