package dev.attache.console.admin;

import dev.attache.console.command.UsageException;
import dev.attache.proxy.tls.x509.PemMaterial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom the console trusts and what it shows, by files in PEM. */
final class ClientTrust {

    private static final char[] NO_PASSWORD = {};

    private ClientTrust() {}

    static SSLContext of(String ca, @Nullable String certificate, @Nullable String key)
            throws UsageException {
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            int count = 0;
            for (X509Certificate root : certificates(ca, "--admin-ca")) {
                roots.setCertificateEntry("root" + count++, root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = certificate == null || key == null ? null : keys(certificate, key);
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new UsageException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static KeyManager[] keys(String certificate, String key)
            throws UsageException, GeneralSecurityException, IOException {
        X509Certificate[] chain =
                certificates(certificate, "--admin-cert").toArray(X509Certificate[]::new);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        try {
            own.setKeyEntry(
                    "own",
                    PemMaterial.privateKey(read(key, "--admin-key"), null),
                    NO_PASSWORD,
                    chain);
        } catch (GeneralSecurityException e) {
            throw new UsageException("--admin-key " + key + ": " + e.getMessage(), e);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    private static List<X509Certificate> certificates(String file, String flag)
            throws UsageException {
        try {
            return PemMaterial.certificates(read(file, flag), file);
        } catch (GeneralSecurityException e) {
            throw new UsageException(flag + " " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] read(String file, String flag) throws UsageException {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new UsageException(flag + " " + file + " cannot be read: " + e, e);
        }
    }
}
