package dev.attache.agent.identity.file;

import dev.attache.agent.pem.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;

/**
 * Roots in a file. Immutable.
 *
 * @param file PEM
 */
public record RootFile(Path file) {

    /** Whether it is there and holds something. */
    public boolean present() {
        return KeyPairFiles.holdsSomething(file);
    }

    /**
     * Those that can be read; one that cannot does not spoil the others.
     *
     * @throws IOException if none can
     */
    public List<String> read() throws IOException {
        try {
            return Certificates.readable(Files.readString(file));
        } catch (CertificateException e) {
            throw new IOException("no root in " + file + ": " + e.getMessage(), e);
        }
    }
}
