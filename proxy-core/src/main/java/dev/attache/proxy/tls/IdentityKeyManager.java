package dev.attache.proxy.tls;

import dev.attache.proxy.tls.ServerTlsSpec.OcspStaplePolicy;
import dev.attache.proxy.tls.hello.ClientHello;
import dev.attache.proxy.tls.secret.EcdsaCurves;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.ParsedOnce;
import dev.attache.proxy.tls.x509.CertificateReader;
import dev.attache.proxy.tls.x509.OcspResponse;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among a context's certificates the way Envoy does: exact SNI, then one-label wildcard,
 * each preferring ECDSA on a curve that the client knows; without a match the first certificate, or
 * with full scan (and without SNI) the first that suits the client. Immutable; called on any
 * worker's loop.
 *
 * <p>Longer than files here should be: the certificate, its staple and its key are chosen in one
 * moment.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {

    /** The certificates of one name: at most one of each kind, the first of its kind. */
    private static final class Named {
        int ecdsa = -1;
        int rsa = -1;
    }

    private final List<Identity> identities;
    private final @Nullable List<CertificateTuning> tunings;
    private final boolean fullScan;
    private final OcspStaplePolicy staplePolicy;
    private final int[] curves;
    private final boolean mixed;
    private final boolean anyStaple;
    private final Map<String, Named> byName = new HashMap<>();

    /**
     * @param tunings of each identity; null = no certificate has parameters of its own
     */
    IdentityKeyManager(
            List<Identity> identities,
            @Nullable List<CertificateTuning> tunings,
            boolean fullScan,
            OcspStaplePolicy staplePolicy) {
        this.identities = identities;
        this.tunings = tunings;
        this.fullScan = fullScan;
        this.staplePolicy = staplePolicy;
        this.curves = identities.stream().mapToInt(Identity::curve).toArray();
        this.mixed = Arrays.stream(curves).distinct().count() > 1;
        this.anyStaple = identities.stream().anyMatch(i -> i.staple() != null || i.mustStaple());
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

    /** The names that clients know this server by, and who vouches for them. */
    void describe(ParsedOnce.Content content) {
        for (Identity identity : identities) {
            X509Certificate leaf = identity.leaf();
            content.add(CertificateReader.commonName(leaf));
            CertificateReader.allSans(leaf).forEach(content::add);
            content.add(leaf.getIssuerX500Principal().getEncoded());
        }
    }

    Identity identity(String alias) {
        return identities.get(Integer.parseInt(alias));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        ReferenceCountedOpenSslEngine openSsl = (ReferenceCountedOpenSslEngine) engine;
        Handshake handshake = Handshakes.of(engine);
        Choice choice = handshake == null ? null : handshake.choosing(openSsl.sslPointer());
        if (choice == null) {
            // The ClientHello was not understood here.
            if (tunings != null) {
                return null; // whose parameters should have held is not known
            }
            String name = SSL.getSniHostname(openSsl.sslPointer());
            choice =
                    choose(
                            name == null ? "" : lowerCase(name),
                            EcdsaCurves.ALL,
                            Stapling.NOT_ASKED);
        }
        OcspResponse staple = identities.get(choice.position).staple();
        if (choice.stapling == Stapling.STAPLED && staple != null) {
            openSsl.setOcspResponse(staple.der());
        }
        return Integer.toString(choice.position);
    }

    /** Makes the parameters of the chosen certificate hold. */
    void tune(Choice choice, long ssl) {
        if (tunings != null) {
            tunings.get(choice.position).apply(ssl);
        }
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** What becomes of a client's wish for an OCSP response. */
    enum Stapling {
        NOT_ASKED,
        OMITTED,
        STAPLED,
        /** The handshake is refused. */
        FAILED
    }

    /** A certificate and whether its OCSP response goes with it. */
    record Choice(int position, Stapling stapling) {}

    /**
     * Which certificate answers a ClientHello.
     *
     * @param curves bits of {@link EcdsaCurves}, asked for where it matters
     */
    Choice choose(ClientHello hello, IntSupplier curves) {
        String name = hello.serverName();
        // Where all certificates are of one kind, a client that cannot take it fails anyway.
        return choose(
                name == null ? "" : name,
                mixed ? curves.getAsInt() : EcdsaCurves.ALL,
                hello.asksForStatus() ? Stapling.OMITTED : Stapling.NOT_ASKED);
    }

    private Choice choose(String name, int clientCurves, Stapling wish) {
        Instant now = wish == Stapling.NOT_ASKED || !anyStaple ? null : Instant.now();
        int position = choose(name, clientCurves, now);
        return new Choice(position, wish == Stapling.NOT_ASKED ? wish : stapling(position, now));
    }

    private Stapling stapling(int position, @Nullable Instant now) {
        OcspResponse response = identities.get(position).staple();
        if (response != null && now != null && !response.expired(now)) {
            return Stapling.STAPLED;
        }
        OcspStaplePolicy policy =
                identities.get(position).mustStaple() ? OcspStaplePolicy.MUST_STAPLE : staplePolicy;
        return switch (policy) {
            case LENIENT_STAPLING -> Stapling.OMITTED;
            case STRICT_STAPLING -> response == null ? Stapling.OMITTED : Stapling.FAILED;
            case MUST_STAPLE -> Stapling.FAILED;
        };
    }

    /** A certificate that would fail the handshake is passed over while there are others. */
    private boolean usable(int position, @Nullable Instant now) {
        return now == null || stapling(position, now) != Stapling.FAILED;
    }

    /**
     * Position of the certificate for {@code serverName} (lower-case or empty).
     *
     * @param clientCurves bits of {@link EcdsaCurves}
     * @param now null where no OCSP response is asked for, or none is there
     */
    int choose(String serverName, int clientCurves, @Nullable Instant now) {
        if (!serverName.isEmpty()) {
            int found = fromName(serverName, clientCurves, now);
            if (found < 0) {
                int dot = serverName.indexOf('.', 1);
                if (dot > 0 && dot < serverName.length() - 1) {
                    found = fromName(serverName.substring(dot), clientCurves, now);
                }
            }
            if (found >= 0) {
                return found;
            }
            if (!fullScan) {
                return 0;
            }
        }
        return scan(clientCurves, now);
    }

    private int fromName(String name, int clientCurves, @Nullable Instant now) {
        Named named = byName.get(name);
        if (named == null) {
            return -1;
        }
        if (named.ecdsa >= 0
                && (curves[named.ecdsa] & clientCurves) != 0
                && usable(named.ecdsa, now)) {
            return named.ecdsa;
        }
        return named.rsa >= 0 && usable(named.rsa, now) ? named.rsa : -1;
    }

    private int scan(int clientCurves, @Nullable Instant now) {
        int rsa = -1;
        for (int i = 0; i < curves.length; i++) {
            if (!usable(i, now)) {
                continue;
            }
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
