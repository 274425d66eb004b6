package dev.attache.filters.cel.attribute;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the handshake of either side established; of names of a kind the first. */
final class TlsAttributes {
    private TlsAttributes() {}

    static @Nullable Attribute find(
            String name, Function<FormatContext, @Nullable TlsInfo> connection) {
        Function<TlsInfo, @Nullable String> value = value(name);
        if (value == null) {
            return null;
        }
        return context -> {
            TlsInfo tls = connection.apply(context);
            String text = tls == null ? null : value.apply(tls);
            return text == null ? null : Octets.of(text);
        };
    }

    private static @Nullable Function<TlsInfo, @Nullable String> value(String name) {
        return switch (name) {
            case "tls_version" -> TlsInfo::version;
            case "subject_local_certificate" ->
                    tls -> tls.localNames() == null ? "" : tls.localNames().subject();
            case "subject_peer_certificate" ->
                    tls -> tls.peerNames() == null ? "" : tls.peerNames().subject();
            case "uri_san_local_certificate" -> tls -> first(tls.localNames(), true);
            case "uri_san_peer_certificate" -> tls -> first(tls.peerNames(), true);
            case "dns_san_local_certificate" -> tls -> first(tls.localNames(), false);
            case "dns_san_peer_certificate" -> tls -> first(tls.peerNames(), false);
            case "sha256_peer_certificate_digest" ->
                    tls -> tls.peerNames() == null ? null : tls.peerNames().sha256();
            case "peer_certificate" ->
                    tls -> tls.peerNames() == null ? null : tls.peerNames().urlEncodedPem();
            default -> null;
        };
    }

    private static @Nullable String first(@Nullable CertificateNames names, boolean uri) {
        if (names == null) {
            return null;
        }
        List<String> all = uri ? names.uriSans() : names.dnsSans();
        return all.isEmpty() ? null : all.getFirst();
    }
}
