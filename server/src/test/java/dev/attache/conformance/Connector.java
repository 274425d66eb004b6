package dev.attache.conformance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/** Opens client connections, plain or TLS, as an exchange asks. */
final class Connector {
    private final Certificates certificates;

    Connector(Certificates certificates) {
        this.certificates = certificates;
    }

    /**
     * Connects to a loopback port.
     *
     * @param spec the exchange: {@code tls: {sni, alpn, cert, version, ciphers, groups,
     *     signatures}} (the last three limit what the client offers), {@code source}, {@code
     *     timeout_ms} (read timeout, 10 s unless given), {@code prelude} (bytes sent before TLS)
     */
    Socket open(int port, Map<String, Object> spec) throws IOException, GeneralSecurityException {
        Socket socket = new Socket();
        if (spec.containsKey("source")) {
            socket.bind(new InetSocketAddress(Tree.text(spec.get("source"), ""), 0));
        }
        socket.setTcpNoDelay(true);
        socket.connect(
                new InetSocketAddress(Tree.text(spec.get("to_address"), "127.0.0.1"), port), 5000);
        socket.setSoTimeout(Tree.number(spec.get("timeout_ms"), 10_000));
        if (spec.containsKey("prelude")) {
            socket.getOutputStream().write(Message.bytes(Tree.text(spec.get("prelude"), "")));
        }
        return spec.containsKey("tls") ? secured(socket, Tree.map(spec.get("tls"))) : socket;
    }

    private SSLSocket secured(Socket plain, Map<String, Object> tls)
            throws IOException, GeneralSecurityException {
        @Nullable String cert = tls.containsKey("cert") ? Tree.text(tls.get("cert"), "") : null;
        SSLSocket socket =
                (SSLSocket)
                        certificates
                                .context(cert)
                                .getSocketFactory()
                                .createSocket(plain, null, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (tls.containsKey("sni")) {
            parameters.setServerNames(List.of(new AnyName(Tree.text(tls.get("sni"), ""))));
        }
        if (tls.containsKey("alpn")) {
            parameters.setApplicationProtocols(
                    Tree.strings(tls.get("alpn")).toArray(String[]::new));
        }
        if (tls.containsKey("version")) {
            parameters.setProtocols(Tree.strings(tls.get("version")).toArray(String[]::new));
        }
        if (tls.containsKey("ciphers")) {
            parameters.setCipherSuites(Tree.strings(tls.get("ciphers")).toArray(String[]::new));
        }
        if (tls.containsKey("groups")) {
            parameters.setNamedGroups(Tree.strings(tls.get("groups")).toArray(String[]::new));
        }
        if (tls.containsKey("signatures")) {
            parameters.setSignatureSchemes(
                    Tree.strings(tls.get("signatures")).toArray(String[]::new));
        }
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** The JDK's own class refuses what is no host name, such as names with an underscore. */
    private static final class AnyName extends SNIServerName {
        AnyName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
