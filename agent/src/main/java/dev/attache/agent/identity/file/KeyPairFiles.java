package dev.attache.agent.identity.file;

import dev.attache.agent.pem.Certificates;
import dev.attache.agent.pem.KeyMatch;
import dev.attache.agent.pem.PrivateKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A key and its chain in two files, which their writer cannot replace at once. Immutable.
 *
 * @param chain PEM, the own certificate first
 * @param key PEM
 */
public record KeyPairFiles(Path chain, Path key) {

    /**
     * What was read.
     *
     * @param chain PEM as in the file
     * @param key PEM as in the file
     * @param expires when the first certificate does
     */
    public record Content(String chain, String key, Instant expires) {

        @Override
        public String toString() {
            return "Content[expires=" + expires + "]";
        }
    }

    /** Whether both are there and hold something. */
    public boolean present() {
        return holdsSomething(chain) && holdsSomething(key);
    }

    static boolean holdsSomething(Path file) {
        try {
            return Files.size(file) > 0;
        } catch (IOException e) {
            return false; // it is not there, or not for this user, which reading it says
        }
    }

    /**
     * Reads both.
     *
     * @throws IOException if one cannot be read, is half written, or they do not belong together
     */
    public Content read() throws IOException {
        String chainText = Files.readString(chain);
        String keyText = Files.readString(key);
        try {
            X509Certificate own = Certificates.readAll(chainText).getFirst();
            PrivateKey secret = PrivateKeys.read(keyText);
            if (!KeyMatch.of(secret, own.getPublicKey())) {
                throw new IOException(key + " is not the key of the certificate in " + chain);
            }
            return new Content(chainText, keyText, own.getNotAfter().toInstant());
        } catch (CertificateException e) {
            throw new IOException("no certificate in " + chain + ": " + e.getMessage(), e);
        }
    }
}
