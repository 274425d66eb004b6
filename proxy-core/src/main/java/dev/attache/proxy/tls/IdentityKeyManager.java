package dev.attache.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among a context's certificates the way Envoy does: exact SNI, then one-label wildcard,
 * each preferring ECDSA on a curve that the client knows; without a match the first certificate, or
 * with full scan (and without SNI) the first that suits the client. Immutable; called on any
 * worker's loop.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {

    /** The certificates of one name: at most one of each kind, the first of its kind. */
    private static final class Named {
        int ecdsa = -1;
        int rsa = -1;
    }

    private final List<Identity> identities;
    private final boolean fullScan;
    private final boolean staple;
    private final Handshakes handshakes;
    private final int[] curves;
    private final boolean mixed;
    private final Map<String, Named> byName = new HashMap<>();

    IdentityKeyManager(
            List<Identity> identities, boolean fullScan, boolean staple, Handshakes handshakes) {
        this.identities = identities;
        this.fullScan = fullScan;
        this.staple = staple;
        this.handshakes = handshakes;
        this.curves = identities.stream().mapToInt(Identity::curve).toArray();
        this.mixed = Arrays.stream(curves).distinct().count() > 1;
        for (int i = 0; i < identities.size(); i++) {
            index(i, identities.get(i));
        }
    }

    private void index(int position, Identity identity) {
        for (String name : dnsNames(identity.leaf())) {
            String key = name.startsWith("*.") ? name.substring(1) : name;
            Named named = byName.computeIfAbsent(key.toLowerCase(Locale.ROOT), k -> new Named());
            if (curves[position] == EcdsaCurves.NONE) {
                named.rsa = named.rsa < 0 ? position : named.rsa;
            } else {
                named.ecdsa = named.ecdsa < 0 ? position : named.ecdsa;
            }
        }
    }

    /** DNS SANs; the common name only where there are no SANs at all. */
    private static List<String> dnsNames(X509Certificate leaf) {
        try {
            Collection<List<?>> sans = leaf.getSubjectAlternativeNames();
            if (sans != null) {
                return sans.stream()
                        .filter(san -> Integer.valueOf(2).equals(san.get(0)))
                        .map(san -> (String) san.get(1))
                        .toList();
            }
        } catch (CertificateParsingException e) {
            // Names that cannot be read match nothing; the certificate still serves as fallback.
            return List.of();
        }
        String commonName = CertificateReader.commonName(leaf);
        return commonName == null ? List.of() : List.of(commonName);
    }

    Identity identity(String alias) {
        return identities.get(Integer.parseInt(alias));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        ReferenceCountedOpenSslEngine openSsl = (ReferenceCountedOpenSslEngine) engine;
        Handshake handshake = handshakes.of(engine);
        if (handshake != null) {
            handshake.choosing(openSsl.sslPointer());
        }
        String name = SSL.getSniHostname(openSsl.sslPointer());
        int chosen = choose(name == null ? "" : name.toLowerCase(Locale.ROOT), curvesOf(handshake));
        Identity identity = identities.get(chosen);
        if (staple && identity.ocspStaple() != null) {
            openSsl.setOcspResponse(identity.ocspStaple());
        }
        return Integer.toString(chosen);
    }

    /** Where all certificates are of one kind, a client that cannot take it fails anyway. */
    private int curvesOf(@Nullable Handshake handshake) {
        return mixed && handshake != null ? handshake.ecdsaCurves() : EcdsaCurves.ALL;
    }

    /**
     * Position of the certificate for {@code serverName} (lower-case or empty).
     *
     * @param clientCurves bits of {@link EcdsaCurves}
     */
    int choose(String serverName, int clientCurves) {
        if (!serverName.isEmpty()) {
            int found = fromName(serverName, clientCurves);
            if (found < 0) {
                int dot = serverName.indexOf('.', 1);
                if (dot > 0 && dot < serverName.length() - 1) {
                    found = fromName(serverName.substring(dot), clientCurves);
                }
            }
            if (found >= 0) {
                return found;
            }
            if (!fullScan) {
                return 0;
            }
        }
        return scan(clientCurves);
    }

    private int fromName(String name, int clientCurves) {
        Named named = byName.get(name);
        if (named == null) {
            return -1;
        }
        boolean ecdsa = named.ecdsa >= 0 && (curves[named.ecdsa] & clientCurves) != 0;
        return ecdsa ? named.ecdsa : named.rsa;
    }

    private int scan(int clientCurves) {
        int rsa = -1;
        for (int i = 0; i < curves.length; i++) {
            if ((curves[i] & clientCurves) != 0) {
                return i;
            }
            if (curves[i] == EcdsaCurves.NONE && rsa < 0) {
                rsa = i;
            }
        }
        return Math.max(rsa, 0);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        // Envoy shows its certificate whatever issuers the server names.
        return identities.isEmpty() ? null : "0";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity(alias).chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases();
    }

    private String[] aliases() {
        String[] aliases = new String[identities.size()];
        for (int i = 0; i < aliases.length; i++) {
            aliases[i] = Integer.toString(i);
        }
        return aliases;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return identities.isEmpty() ? null : "0";
    }

    @Override
    public String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return "0";
    }
}
