package dev.attache.conformance.generated;

import dev.attache.conformance.Http2Client;
import dev.attache.conformance.Tree;
import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks by turns over HTTP/1 and HTTP/2, each in the clear and with mutual TLS and a server name.
 */
final class ExplainedClient {

    /** The chain of the listeners that speaks TLS. */
    static final String SERVER_NAME = "mesh.test";

    private static final char[] PASSWORD = "password".toCharArray();
    private static final int TIMEOUT_MILLIS = 4000;

    private final TestCertificates authority = TestCertificates.authority("CN=mesh");
    private final Path directory;
    private final SSLContext context;

    ExplainedClient(Path directory) throws GeneralSecurityException, IOException {
        this.directory = directory;
        TestCertificates.Issued server = authority.leaf("CN=server").dns(SERVER_NAME).issue();
        Files.write(directory.resolve("chain.pem"), server.chainPem());
        Files.write(directory.resolve("key.pem"), server.keyPem());
        Files.write(directory.resolve("roots.pem"), authority.pem());
        this.context = context(authority.leaf("CN=client").uri("spiffe://mesh/client").issue());
    }

    private SSLContext context(TestCertificates.Issued own)
            throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        keys.setCertificateEntry("roots", authority.self().certificate());
        keys.setKeyEntry("own", own.key(), PASSWORD, new Certificate[] {own.certificate()});
        KeyManagerFactory shown = KeyManagerFactory.getInstance("PKIX");
        shown.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
        return made;
    }

    /** What the chain with TLS has for a transport socket. */
    Map<String, Object> transportSocket() {
        return Tree.map(
                Tree.parse(
                        """
                        {name: tls, typed_config: {
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,
                          require_client_certificate: true,
                          common_tls_context: {
                            alpn_protocols: [h2, http/1.1],
                            tls_certificates: [{certificate_chain: {filename: DIR/chain.pem}, private_key: {filename: DIR/key.pem}}],
                            validation_context: {trusted_ca: {filename: DIR/roots.pem}}}}}
                        """
                                .replace("DIR", directory.toString())));
    }

    /**
     * Sends a request of a script without its body, in the way whose turn it is, and waits for what
     * comes of it.
     */
    void ask(int turn, int port, Map<String, Object> request, String id) throws IOException {
        boolean http2 = turn % 4 == 1 || turn % 4 == 2;
        boolean tls = turn % 4 >= 2;
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.setSoTimeout(TIMEOUT_MILLIS);
            Socket spoken = tls ? secured(plain, port, http2 ? "h2" : "http/1.1") : plain;
            if (http2) {
                new Http2Client(spoken).exchange(asHttp2(request, tls, id));
            } else {
                PlainUpstream.ask(spoken, request, id);
            }
        }
    }

    private SSLSocket secured(Socket plain, int port, String protocol) throws IOException {
        SSLSocket secure =
                (SSLSocket) context.getSocketFactory().createSocket(plain, SERVER_NAME, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        parameters.setServerNames(List.of(new SNIHostName(SERVER_NAME)));
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static Map<String, Object> asHttp2(
            Map<String, Object> request, boolean tls, String id) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("method", Tree.text(request.get("method"), "GET"));
        spec.put("path", Tree.text(request.get("path"), "/"));
        spec.put("scheme", tls ? "https" : "http");
        spec.put("authority", "test");
        List<Object> headers = new ArrayList<>();
        for (String line : Tree.strings(request.get("headers"))) {
            if (line.startsWith("host:")) {
                spec.put("authority", line.substring(5).strip());
            } else if (!line.startsWith(":")
                    && !line.matches(
                            "(?i)(content-length|x-request-id|connection|upgrade|te):.*")) {
                headers.add(line);
            }
        }
        headers.add("x-request-id: " + id);
        spec.put("headers", headers);
        return spec;
    }
}
