package dev.attache.proxy.tls;

import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.ParsedOnce;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import io.netty.util.IllegalReferenceCountException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Builds BoringSSL contexts from specs. Any thread; slow enough to keep off the loops. */
final class TlsContexts {

    private static final List<String> TLS_1_3_SUITES =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    private TlsContexts() {}

    static ReferenceCountedOpenSslContext server(
            ServerTlsSpec spec,
            IdentityKeyManager keys,
            PeerVerifier verifier,
            TlsSecret.@Nullable TicketKeys ticketKeys,
            List<String> serverNames)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(factory(keys))
                        .clientAuth(clientAuth(spec, verifier))
                        .enableOcsp(true);
        common(builder, spec.params(), new HandshakeTrust(verifier.announcedAuthorities()));
        if (spec.sessionTimeoutSeconds() > 0) {
            builder.sessionTimeout(spec.sessionTimeoutSeconds());
        }
        ReferenceCountedOpenSslContext context = (ReferenceCountedOpenSslContext) builder.build();
        OpenSslSessionContext sessions = context.sessionContext();
        sessions.setSessionCacheEnabled(!spec.disableStatefulResumption());
        if (!spec.disableStatelessResumption()) {
            // Without keys BoringSSL makes some for this context alone, and they end with it.
            sessions.setTicketKeys(ticketKeys(ticketKeys));
        }
        if (ticketKeys != null) {
            ((OpenSslServerSessionContext) sessions)
                    .setSessionIdContext(sessionContext(spec, keys, verifier, serverNames));
        }
        return context;
    }

    /** Whether clients of a server are asked for a certificate, and must have one. */
    static ClientAuth clientAuth(ServerTlsSpec spec, PeerVerifier verifier) {
        if (spec.requireClientCertificate() || verifier.demandsCertificate()) {
            return ClientAuth.REQUIRE;
        }
        return verifier.asksForCertificate() ? ClientAuth.OPTIONAL : ClientAuth.NONE;
    }

    /**
     * Whose sessions may be resumed here: those of a server with the same names, the same rules for
     * its clients and the same filter chain.
     */
    private static byte[] sessionContext(
            ServerTlsSpec spec,
            IdentityKeyManager keys,
            PeerVerifier verifier,
            List<String> serverNames) {
        ParsedOnce.Content content = new ParsedOnce.Content();
        keys.describe(content);
        verifier.describe(content);
        content.number(spec.requireClientCertificate() ? 1 : 0);
        serverNames.forEach(content::add);
        return content.digest();
    }

    /**
     * @param sessions see {@link ClientContexts}
     */
    static ReferenceCountedOpenSslContext client(
            @Nullable Identity identity, TlsParams params, List<String> alpn, int sessions)
            throws SSLException {
        IdentityKeyManager keys =
                new IdentityKeyManager(
                        identity == null ? List.of() : List.of(identity),
                        null,
                        false,
                        ServerTlsSpec.OcspStaplePolicy.LENIENT_STAPLING);
        SslContextBuilder builder = SslContextBuilder.forClient().keyManager(factory(keys));
        // Names are checked by the verifier, as configured and not by the JDK's rules.
        builder.endpointIdentificationAlgorithm(null);
        common(builder, params.withAlpn(alpn), new HandshakeTrust(List.of()));
        ReferenceCountedOpenSslContext context = (ReferenceCountedOpenSslContext) builder.build();
        context.sessionContext().setSessionCacheEnabled(sessions > 0);
        return context;
    }

    /**
     * A handler for one connection, or null when the context has been freed meanwhile, which may
     * happen between reading the field that holds it and using it.
     */
    static @Nullable SslHandler newHandler(
            ReferenceCountedOpenSslContext context,
            ByteBufAllocator allocator,
            @Nullable String peer,
            int port) {
        try {
            context.retain();
        } catch (IllegalReferenceCountException e) {
            return null;
        }
        try {
            return context.newHandler(allocator, peer, port);
        } finally {
            context.release();
        }
    }

    private static void common(SslContextBuilder builder, TlsParams params, HandshakeTrust trust) {
        builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(trust)
                .protocols(protocols(params))
                .ciphers(suites(params), IdentityCipherSuiteFilter.INSTANCE)
                // Verification is short CPU work: done inside the handshake, on the loop.
                .option(OpenSslContextOption.USE_TASKS, false)
                .option(OpenSslContextOption.GROUPS, params.curves().toArray(new String[0]));
        if (!params.alpn().isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            params.alpn()));
        }
    }

    private static List<String> protocols(TlsParams params) {
        return Arrays.stream(TlsVersion.values())
                .filter(v -> v.compareTo(params.minVersion()) >= 0)
                .filter(v -> v.compareTo(params.maxVersion()) <= 0)
                .map(TlsVersion::opensslName)
                .toList();
    }

    /** Single suites in order, groups opened; {@link #cipherString} keeps the groups. */
    private static List<String> suites(TlsParams params) {
        List<String> suites = new ArrayList<>(TLS_1_3_SUITES);
        for (String entry : params.cipherSuites()) {
            for (String suite : entry.replace("[", "").replace("]", "").split("\\|", -1)) {
                suites.add(suite);
            }
        }
        return suites;
    }

    /** BoringSSL's own notation, or empty where the flat list says the same. */
    static String cipherString(TlsParams params) {
        return params.cipherSuites().stream().anyMatch(s -> s.startsWith("["))
                ? String.join(":", params.cipherSuites())
                : "";
    }

    /**
     * Envoy's 80-byte keys (16 name, 32 HMAC, 32 AES-256) cut to what this binding takes (16, 16,
     * 16): our processes understand each other's tickets, an Envoy answers ours with a full
     * handshake.
     */
    private static OpenSslSessionTicketKey[] ticketKeys(TlsSecret.@Nullable TicketKeys secret) {
        List<byte[]> keys = secret == null ? List.of() : secret.keys();
        return keys.stream()
                .map(key ->
                        new OpenSslSessionTicketKey(
                                Arrays.copyOfRange(key, 0, 16),
                                Arrays.copyOfRange(key, 16, 32),
                                Arrays.copyOfRange(key, 48, 64)))
                .toArray(OpenSslSessionTicketKey[]::new);
    }

    /** Caches the native form of each key, so that a handshake parses nothing. */
    private static KeyManagerFactory factory(IdentityKeyManager keys) {
        return new OpenSslCachingX509KeyManagerFactory(
                new SimpleKeyManagerFactory() {
                    @Override
                    protected void engineInit(KeyStore store, char[] password) {
                        throw new UnsupportedOperationException("made with its keys");
                    }

                    @Override
                    protected void engineInit(ManagerFactoryParameters parameters) {
                        throw new UnsupportedOperationException("made with its keys");
                    }

                    @Override
                    protected KeyManager[] engineGetKeyManagers() {
                        return new KeyManager[] {keys};
                    }
                });
    }
}
