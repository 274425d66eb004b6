package dev.attache.conformance.generated;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** HTTPS downstream: ALPN, versions, client certificates, what is forwarded and logged of them. */
final class Https implements Area {
    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream("a", "{protocol: %s}".formatted(chance.of("h1", "h2")));
        draft.merge("tls", context(chance));
        draft.merge("hcm", connectionManager(chance));
        draft.merge(
                "access_log_format",
                """
                {tls: '%DOWNSTREAM_TLS_VERSION%', cipher: '%DOWNSTREAM_TLS_CIPHER%', sni: '%REQUESTED_SERVER_NAME%',
                 subject: '%DOWNSTREAM_PEER_SUBJECT%', issuer: '%DOWNSTREAM_PEER_ISSUER%', uri: '%DOWNSTREAM_PEER_URI_SAN%',
                 dns: '%DOWNSTREAM_PEER_DNS_SAN%', print: '%DOWNSTREAM_PEER_FINGERPRINT_256%', serial: '%DOWNSTREAM_PEER_SERIAL%',
                 local: '%DOWNSTREAM_LOCAL_SUBJECT%', locals: '%DOWNSTREAM_LOCAL_URI_SAN%', scheme: '%REQ(:SCHEME)%',
                 xfcc: '%REQ(X-FORWARDED-CLIENT-CERT)%', failure: '%DOWNSTREAM_TRANSPORT_FAILURE_REASON%'}
                """);
        draft.route(
                """
                {match: {prefix: /tls, tls_context: {%s}}, route: {cluster: $a}}
                """
                        .formatted(
                                chance.of(
                                        "presented: true",
                                        "presented: false",
                                        "validated: true",
                                        "validated: false")));
        if (chance.in(30)) {
            draft.merge(
                    "virtual_host",
                    "{require_tls: %s}".formatted(chance.of("ALL", "EXTERNAL_ONLY")));
        }
        draft.route(
                "{match: {prefix: /secure, headers: [{name: ':scheme', string_match: {exact:"
                        + " https}}]}, route: {cluster: $a}}");
        draft.route(
                "{match: {prefix: /}, route: {cluster: $a}, request_headers_to_add: [{header: {key: x-peer, value: '%s'}}]}"
                        .formatted(
                                chance.of(
                                        "%DOWNSTREAM_PEER_SUBJECT%",
                                        "%DOWNSTREAM_TLS_VERSION%",
                                        "%DOWNSTREAM_PEER_URI_SAN%",
                                        "%REQUESTED_SERVER_NAME%",
                                        "%DOWNSTREAM_LOCAL_DNS_SAN%")));
        for (int i = chance.between(4, 8); i > 0; i--) {
            request(chance).addTo(draft);
        }
    }

    private static String context(Chance chance) {
        String server = chance.of("server", "server2");
        String validation =
                chance.of(
                        "",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'}}",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'}}",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                + " trust_chain_verification: ACCEPT_UNTRUSTED}",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                + " match_typed_subject_alt_names: [{san_type: URI, matcher: {prefix:"
                                + " 'spiffe://mesh.test/ns/a/'}}]}",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                + " match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact:"
                                + " second.test}}]}");
        String alpn =
                chance.of(
                        "",
                        ", alpn_protocols: [h2, http/1.1]",
                        ", alpn_protocols: [http/1.1, h2]",
                        ", alpn_protocols: [http/1.1]",
                        ", alpn_protocols: [h2]");
        String versions =
                chance.of(
                        "",
                        "",
                        ", tls_params: {tls_maximum_protocol_version: TLSv1_2}",
                        ", tls_params: {tls_minimum_protocol_version: TLSv1_3}");
        boolean validates = !validation.isEmpty();
        return """
        {common_tls_context: {tls_certificates: [{certificate_chain: {filename: '${cert.%s}'}, private_key: {filename: '${key.%s}'}}]%s%s%s}%s%s}
        """
                .formatted(
                        server,
                        server,
                        validation,
                        alpn,
                        versions,
                        validates && chance.in(40) ? ", require_client_certificate: true" : "",
                        chance.in(20)
                                ? ", full_scan_certs_on_sni_mismatch: " + chance.of("true", "false")
                                : "");
    }

    private static String connectionManager(Chance chance) {
        String mode =
                chance.of(
                        "SANITIZE",
                        "FORWARD_ONLY",
                        "APPEND_FORWARD",
                        "SANITIZE_SET",
                        "SANITIZE_SET",
                        "ALWAYS_FORWARD_ONLY");
        String codec = chance.of("AUTO", "AUTO", "AUTO", "HTTP1", "HTTP2");
        return """
        {codec_type: %s, forward_client_cert_details: %s, use_remote_address: %s,
         set_current_client_cert_details: {subject: %s, cert: %s, chain: %s, dns: %s, uri: %s}}
        """
                .formatted(
                        codec,
                        mode,
                        chance.in(40),
                        chance.in(50),
                        chance.in(30),
                        chance.in(30),
                        chance.in(50),
                        chance.in(50));
    }

    private static Requests request(Chance chance) {
        boolean http2 = chance.in(45);
        Requests request =
                new Requests(
                        chance, http2 ? "h2" : "h1", chance.of("/", "/tls", "/secure", "/x?y=1"));
        Map<String, Object> tls = new LinkedHashMap<>();
        tls.put(
                "sni",
                chance.of("server.test", "a.wild.test", "second.test", "none.test", "SERVER.test"));
        if (chance.in(85)) {
            tls.put(
                    "alpn",
                    http2
                            ? List.of("h2")
                            : chance.of(
                                    List.of("http/1.1"),
                                    List.of("h2", "http/1.1"),
                                    List.of("http/1.1", "other"),
                                    List.of("http/1.0")));
        }
        if (chance.in(60)) {
            tls.put(
                    "cert",
                    chance.of("client", "client", "client", "client-other", "expired", "server2"));
        }
        if (List.of("none", "client").contains(tls.getOrDefault("cert", "none"))) {
            // a refused certificate meets a body that is still being sent
            request.anyMethod(0, 20, 3000);
        }
        if (chance.in(25)) {
            tls.put("version", chance.of("TLSv1.2", "TLSv1.3"));
        }
        if (!(chance.in(6) && !http2)) {
            request.with("tls", tls);
        }
        if (http2) {
            request.with("scheme", chance.of("https", "https", "http"));
        }
        if (chance.in(45)) {
            request.header(
                    "x-forwarded-client-cert: "
                            + chance.of(
                                    "By=spiffe://a;Hash=0011;URI=spiffe://b",
                                    "Subject=\"CN=x,O=y\"",
                                    "",
                                    "By=a,By=b"));
        }
        if (chance.in(20)) {
            request.header("x-forwarded-proto: " + chance.of("http", "https"));
        }
        return request.with(
                "authority", chance.of("server.test", "second.test:8443", "example.test"));
    }
}
