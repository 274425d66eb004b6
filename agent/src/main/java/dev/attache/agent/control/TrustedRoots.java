package dev.attache.agent.control;

import dev.attache.agent.pem.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a server's certificate is checked with. The file is read each time it is asked for, so that
 * one that changed counts from the next connection on. Immutable; any thread.
 *
 * @param file PEM; null where there is none to read: {@code refusal} says why
 * @param refusal why no connection can be made; empty where one can
 */
public record TrustedRoots(@Nullable Path file, String refusal) {

    /** Those of a file. */
    public static TrustedRoots of(Path file) {
        return new TrustedRoots(file, "");
    }

    static TrustedRoots none(String refusal) {
        return new TrustedRoots(null, refusal);
    }

    /**
     * Reads them.
     *
     * @throws IOException with a message that an operator can act on
     */
    public List<X509Certificate> read() throws IOException {
        if (file == null) {
            throw new IOException(refusal);
        }
        try {
            return Certificates.readAll(
                    Certificates.join(Certificates.readable(Files.readString(file))));
        } catch (CertificateException e) {
            throw new IOException("no root in " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("the roots cannot be read from " + file + ": " + e, e);
        }
    }

    /** A factory of what checks with them, as {@link #read}. */
    public TrustManagerFactory managers() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate root : read()) {
                store.setCertificateEntry("root" + store.size(), root);
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IOException("the roots of " + file + " are not to be used: " + e, e);
        }
    }
}
