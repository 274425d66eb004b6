package dev.attache.proxy.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among a context's certificates the way Envoy does: exact SNI, then one-label wildcard,
 * each preferring ECDSA for clients that can; without a match the first certificate, or with full
 * scan (and without SNI) the first that suits the client's key types. Immutable; called on any
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
    private final Map<String, Named> byName = new HashMap<>();

    IdentityKeyManager(List<Identity> identities, boolean fullScan, boolean staple) {
        this.identities = identities;
        this.fullScan = fullScan;
        this.staple = staple;
        for (int i = 0; i < identities.size(); i++) {
            index(i, identities.get(i));
        }
    }

    private void index(int position, Identity identity) {
        for (String name : dnsNames(identity.leaf())) {
            String key = name.startsWith("*.") ? name.substring(1) : name;
            Named named = byName.computeIfAbsent(key.toLowerCase(Locale.ROOT), k -> new Named());
            if (identity.ecdsa()) {
                named.ecdsa = named.ecdsa < 0 ? position : named.ecdsa;
            } else {
                named.rsa = named.rsa < 0 ? position : named.rsa;
            }
        }
    }

    /** DNS SANs; the common name only where there is no SAN of this kind. */
    private static List<String> dnsNames(X509Certificate leaf) {
        try {
            Collection<List<?>> sans = leaf.getSubjectAlternativeNames();
            if (sans != null) {
                List<String> names =
                        sans.stream()
                                .filter(san -> Integer.valueOf(2).equals(san.get(0)))
                                .map(san -> (String) san.get(1))
                                .toList();
                if (!names.isEmpty()) {
                    return names;
                }
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
        int chosen = choose(serverName(engine), ecdsaCapable(engine));
        Identity identity = identities.get(chosen);
        if (staple
                && identity.ocspStaple() != null
                && engine instanceof ReferenceCountedOpenSslEngine openSsl) {
            openSsl.setOcspResponse(identity.ocspStaple());
        }
        return Integer.toString(chosen);
    }

    /** Position of the certificate for {@code serverName} (lower-case or empty). */
    int choose(String serverName, boolean ecdsaCapable) {
        if (!serverName.isEmpty()) {
            int found = fromName(serverName, ecdsaCapable);
            if (found < 0) {
                int dot = serverName.indexOf('.', 1);
                if (dot > 0 && dot < serverName.length() - 1) {
                    found = fromName(serverName.substring(dot), ecdsaCapable);
                }
            }
            if (found >= 0) {
                return found;
            }
            if (!fullScan) {
                return 0;
            }
        }
        return scan(ecdsaCapable);
    }

    private int fromName(String name, boolean ecdsaCapable) {
        Named named = byName.get(name);
        if (named == null) {
            return -1;
        }
        if (ecdsaCapable) {
            return named.ecdsa >= 0 ? named.ecdsa : named.rsa;
        }
        return named.rsa;
    }

    private int scan(boolean ecdsaCapable) {
        int candidate = -1;
        for (int i = 0; i < identities.size(); i++) {
            boolean ecdsa = identities.get(i).ecdsa();
            if (ecdsa == ecdsaCapable) {
                return i;
            }
            if (ecdsaCapable && candidate < 0) {
                candidate = i;
            }
        }
        return Math.max(candidate, 0);
    }

    private static String serverName(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return "";
    }

    private static boolean ecdsaCapable(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (String algorithm : session.getPeerSupportedSignatureAlgorithms()) {
                if (algorithm.endsWith("ECDSA") || algorithm.startsWith("ecdsa")) {
                    return true;
                }
            }
        }
        return false;
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
