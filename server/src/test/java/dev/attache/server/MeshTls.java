package dev.attache.server;

import dev.attache.testkit.TestCertificates;
import java.nio.charset.StandardCharsets;

/** Transport sockets for mutual TLS between workloads, whose certificates one authority issues. */
final class MeshTls {
    /** The identity of {@code web} in {@code shop}, which calls. */
    static final String WEB = "spiffe://cluster.local/ns/shop/sa/web";

    /** The identity of {@code api} in {@code stock}, which is called. */
    static final String API = "spiffe://cluster.local/ns/stock/sa/api";

    private static final TestCertificates AUTHORITY = TestCertificates.authority("CN=mesh");

    private MeshTls() {}

    /**
     * Of the side that is called, on one line.
     *
     * @param identity the URI of its certificate
     * @param protocol by ALPN
     */
    static String called(String identity, String protocol) {
        return socket(
                identity, "DownstreamTlsContext", protocol, ", require_client_certificate: true");
    }

    /** Of the side that calls, on one line. */
    static String calling(String identity, String protocol) {
        return socket(identity, "UpstreamTlsContext", protocol, "");
    }

    private static String socket(String identity, String context, String protocol, String more) {
        TestCertificates.Issued own = AUTHORITY.leaf("CN=workload").uri(identity).issue();
        return """
        {name: tls, typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.%s,
          common_tls_context: {alpn_protocols: [%s],
            tls_certificates: [{certificate_chain: {inline_string: %s}, private_key: {inline_string: %s}}],
            validation_context: {trusted_ca: {inline_string: %s}}}%s}}
        """
                .formatted(
                        context,
                        protocol,
                        quoted(own.chainPem()),
                        quoted(own.keyPem()),
                        quoted(AUTHORITY.pem()),
                        more)
                .replace("\n", " ");
    }

    /** PEM as a string in YAML. */
    static String quoted(byte[] pem) {
        return '"' + new String(pem, StandardCharsets.US_ASCII).replace("\n", "\\n") + '"';
    }
}
