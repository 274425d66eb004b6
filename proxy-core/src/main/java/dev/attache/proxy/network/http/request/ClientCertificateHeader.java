package dev.attache.proxy.network.http.request;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;

/**
 * {@code x-forwarded-client-cert}: what the next hop may know of the client's certificate. Format:
 * Envoy's HTTP header page, section x-forwarded-client-cert.
 */
public final class ClientCertificateHeader {

    private ClientCertificateHeader() {}

    public static void apply(ForwardClientCert configured, Headers request, StreamInfo info) {
        ForwardClientCert options = choose(configured, request, info);
        TlsInfo tls = info.downstream().tls();
        XfccMode mode = options.mode();
        if (mode == XfccMode.ALWAYS_FORWARD_ONLY) {
            return;
        }
        if (mode == XfccMode.SANITIZE || tls == null || !tls.peerCertificatePresented()) {
            request.remove(HeaderName.X_FORWARDED_CLIENT_CERT);
            return;
        }
        if (mode == XfccMode.FORWARD_ONLY) {
            return;
        }
        String before =
                mode == XfccMode.SANITIZE_SET
                        ? ""
                        : request.getOr(HeaderName.X_FORWARDED_CLIENT_CERT, "");
        if (before.isEmpty()) {
            request.set(
                    HeaderName.X_FORWARDED_CLIENT_CERT,
                    options.json() ? '[' + json(options, tls) + ']' : element(options, tls));
        } else if (before.startsWith("[") && before.endsWith("]")) {
            append(request, before, json(options, tls));
        } else {
            request.appendJoined(HeaderName.X_FORWARDED_CLIENT_CERT, element(options, tls), ",");
        }
    }

    private static ForwardClientCert choose(
            ForwardClientCert configured, Headers request, StreamInfo info) {
        if (configured.matcher() == null) {
            return configured;
        }
        ForwardClientCert chosen = configured.matcher().pick(FormatContext.of(info, request));
        return chosen == null ? configured : chosen;
    }

    /** Into the array that proxies before us have begun. */
    private static void append(Headers request, String array, String object) {
        String said = array.substring(1, array.length() - 1);
        request.set(
                HeaderName.X_FORWARDED_CLIENT_CERT,
                '[' + (said.isBlank() ? object : said + ',' + object) + ']');
    }

    private static String json(ForwardClientCert options, TlsInfo tls) {
        CertificateJson out = new CertificateJson();
        CertificateNames local = tls.localNames();
        CertificateNames peer = tls.peerNames();
        if (local != null) {
            out.list("by", local.uriSans());
        }
        if (peer == null) {
            return out.toString();
        }
        out.text("hash", peer.sha256());
        for (XfccDetail detail : XfccDetail.values()) {
            if (options.details().contains(detail)) {
                appendDetail(out, detail, tls, peer);
            }
        }
        return out.toString();
    }

    private static void appendDetail(
            CertificateJson out, XfccDetail detail, TlsInfo tls, CertificateNames peer) {
        switch (detail) {
            case CERT -> out.text("cert", tls.pemPeerChain().getFirst());
            case CHAIN -> out.list("chain", tls.pemPeerChain());
            case SUBJECT -> out.text("subject", peer.subject());
            case URI -> out.list("uri", peer.uriSans());
            case DNS -> out.list("dns", peer.dnsSans());
            case ISSUER -> out.text("issuer", peer.issuer());
        }
    }

    private static String element(ForwardClientCert options, TlsInfo tls) {
        StringBuilder out = new StringBuilder();
        CertificateNames local = tls.localNames();
        CertificateNames peer = tls.peerNames();
        if (local != null) {
            for (String uri : local.uriSans()) {
                append(out, "By", uri);
            }
        }
        if (peer == null) {
            return out.toString();
        }
        if (!peer.sha256().isEmpty()) {
            append(out, "Hash", peer.sha256());
        }
        for (XfccDetail detail : XfccDetail.values()) {
            if (options.details().contains(detail)) {
                appendDetail(out, detail, tls, peer);
            }
        }
        return out.toString();
    }

    private static void appendDetail(
            StringBuilder out, XfccDetail detail, TlsInfo tls, CertificateNames peer) {
        switch (detail) {
            case CERT -> append(out, "Cert", quoted(peer.urlEncodedPem()));
            case CHAIN -> append(out, "Chain", quoted(tls.urlEncodedPeerChain()));
            case SUBJECT -> append(out, "Subject", quoted(peer.subject()));
            case URI -> appendAll(out, "URI", peer.uriSans(), true);
            case DNS -> appendAll(out, "DNS", peer.dnsSans(), false);
            case ISSUER -> append(out, "Issuer", quoted(peer.issuer()));
        }
    }

    /** {@code URI=} stands even where there is none. */
    private static void appendAll(
            StringBuilder out, String key, List<String> values, boolean evenIfNone) {
        if (values.isEmpty() && evenIfNone) {
            append(out, key, "");
        }
        for (String value : values) {
            append(out, key, value);
        }
    }

    private static String quoted(String value) {
        return '"' + value.replace("\"", "\\\"") + '"';
    }

    private static void append(StringBuilder out, String key, String value) {
        if (!out.isEmpty()) {
            out.append(';');
        }
        out.append(key).append('=').append(value);
    }
}
