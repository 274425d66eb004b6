package dev.attache.server.explain;

import dev.attache.proxy.explain.Peer;
import dev.attache.proxy.tls.x509.NamedCertificate;
import dev.attache.proxy.tls.x509.PemMaterial;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the client's certificate of a question: the chain itself, or names that it has. Pure. */
final class PeerReader {

    private PeerReader() {}

    /**
     * Null where neither is given.
     *
     * @param pem the chain, leaf first
     * @param names one a line: a URI with {@code ://}, a subject with {@code =}, else a DNS name
     * @throws IllegalArgumentException naming the parameter that cannot be read
     */
    static @Nullable Peer read(@Nullable String pem, @Nullable String names) {
        if (pem == null || pem.isBlank()) {
            return names == null || names.isBlank() ? null : named(names);
        }
        if (names != null && !names.isBlank()) {
            throw new IllegalArgumentException("client_cert and peer: one of them, not both");
        }
        return shown(pem);
    }

    private static Peer shown(String pem) {
        try {
            byte[] bytes = pem.getBytes(StandardCharsets.ISO_8859_1);
            return new Peer(PemMaterial.certificates(bytes, "it"), false);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "client_cert: no certificates in PEM: " + e.getMessage(), e);
        }
    }

    private static Peer named(String names) {
        String subject = "";
        List<String> uris = new ArrayList<>();
        List<String> dnsNames = new ArrayList<>();
        for (String line : names.lines().map(String::strip).toList()) {
            if (line.contains("://")) {
                uris.add(line);
            } else if (line.contains("=")) {
                subject = line;
            } else if (!line.isEmpty()) {
                dnsNames.add(line);
            }
        }
        try {
            return new Peer(List.of(NamedCertificate.of(subject, uris, dnsNames)), true);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("peer: " + e.getMessage(), e);
        }
    }
}
