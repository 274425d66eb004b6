package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.http.lua.exchange.SubjectNames;
import dev.attache.filters.lua.LuaState;
import dev.attache.filters.wire.CipherSuites;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code downstreamSslConnection()} is asked. */
record SslAnswers(LuaState lua, TlsInfo tls) {

    int answer(Question question, int number) {
        return question == Question.SSL_NAME ? name(number) : session(number);
    }

    /** In the order of the names in {@code handle.lua}. */
    private int session(int number) {
        CertificateNames peer = tls.peerNames();
        CertificateNames local = tls.localNames();
        return switch (number) {
            case 0 -> lua.bool(tls.peerCertificatePresented());
            case 1 -> lua.bool(tls.peerCertificateValidated());
            case 2 -> list(local, CertificateNames::uriSans);
            case 3 -> text(peer, CertificateNames::sha256);
            case 4 -> text(peer, CertificateNames::serial);
            case 5 -> text(peer, CertificateNames::issuer);
            case 6 -> text(peer, CertificateNames::subject);
            case 7 -> list(peer, CertificateNames::uriSans);
            case 8 -> text(local, CertificateNames::subject);
            case 9 -> list(peer, CertificateNames::dnsSans);
            case 10 -> list(local, CertificateNames::dnsSans);
            case 11 -> texts(extensions());
            case 12 -> texts(List.of());
            case 13 -> lua.number(peer == null ? 0 : peer.notBeforeEpochSecond());
            case 14 -> lua.number(peer == null ? 0 : peer.notAfterEpochSecond());
            case 15 -> lua.text(tls.sessionId());
            case 16 -> lua.text("0x%04x".formatted(CipherSuites.number(tls.cipher())));
            case 17 -> lua.text(tls.cipher());
            case 18 -> text(peer, CertificateNames::urlEncodedPem);
            case 19 -> lua.text(tls.urlEncodedPeerChain());
            default -> lua.text(tls.version());
        };
    }

    /** What extensions the peer's certificate has, by their numbers. */
    private List<String> extensions() {
        if (tls.peerCertificates().isEmpty()) {
            return List.of();
        }
        X509Certificate leaf = tls.peerCertificates().getFirst();
        Set<String> all = new TreeSet<>();
        Set<String> critical = leaf.getCriticalExtensionOIDs();
        Set<String> others = leaf.getNonCriticalExtensionOIDs();
        all.addAll(critical == null ? Set.of() : critical);
        all.addAll(others == null ? Set.of() : others);
        return List.copyOf(all);
    }

    private int name(int number) {
        CertificateNames peer = tls.peerNames();
        SubjectNames names = SubjectNames.of(peer == null ? "" : peer.subject());
        return number == 0 ? lua.text(names.commonName()) : texts(names.organizations());
    }

    private int text(@Nullable CertificateNames names, Function<CertificateNames, String> field) {
        return lua.text(names == null ? "" : field.apply(names));
    }

    private int list(
            @Nullable CertificateNames names, Function<CertificateNames, List<String>> field) {
        return texts(names == null ? List.of() : field.apply(names));
    }

    private int texts(List<String> values) {
        return lua.value(InfoAnswers.list(values, values.size()));
    }
}
