package dev.attache.agent.identity.ca;

import java.io.IOException;
import java.time.Duration;

/**
 * Who signs the workload's certificate. One class for each kind. Called from the thread of the
 * identity, one request at a time; may block for as long as its own limits say.
 */
public interface CertificateAuthority extends AutoCloseable {

    /** As operators know it: its kind and address. */
    String name();

    /**
     * Has a request signed.
     *
     * @param request PKCS#10, PEM
     * @param validity how long the certificate is wanted for
     * @throws IOException if nothing was signed, with a message that an operator can act on
     */
    SignedCertificate sign(String request, Duration validity) throws IOException;

    @Override
    void close();
}
