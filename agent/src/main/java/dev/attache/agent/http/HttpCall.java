package dev.attache.agent.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection of its own. Blocks; for virtual threads and for commands.
 *
 * @param host a name or an address without brackets
 * @param source where the connection comes from, or null for the system's choice
 * @param tls null for plain text; otherwise makes the TLS socket, which judges the peer
 * @param method as it is to stand on the wire
 * @param target path and query
 * @param fields all header fields but the length of the body
 */
public record HttpCall(
        String host,
        int port,
        @Nullable InetAddress source,
        @Nullable SSLSocketFactory tls,
        String method,
        String target,
        HttpFields fields,
        byte[] body) {

    private static final byte[] NONE = {};

    /** A GET in plain text, with the host that the connection goes to and an end of it. */
    public static HttpCall get(String host, int port, String target) {
        return of("GET", host, port, target, NONE);
    }

    /** A request in plain text, with the host that the connection goes to and an end of it. */
    public static HttpCall of(String method, String host, int port, String target, byte[] body) {
        HttpFields fields = HttpFields.of("Host", hostAndPort(host, port), "Connection", "close");
        return new HttpCall(host, port, null, null, method, target, fields, body);
    }

    /** As it stands in a URL. */
    public static String hostAndPort(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Sends it and reads the head of the answer. The answer has to be closed.
     *
     * @param deadline for all of it, the body included
     * @throws IOException when nobody answers, or not in time, or what comes is no HTTP
     */
    public HttpReply send(Deadline deadline) throws IOException {
        Socket socket = connect(host, port, source, deadline);
        boolean handedOver = false;
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(deadline.millis());
            Socket spoken = tls == null ? socket : secured(tls, socket);
            spoken.getOutputStream().write(bytes());
            spoken.getOutputStream().flush();
            HttpReply reply = HttpReply.read(spoken, deadline, method.equals("HEAD"));
            handedOver = true;
            return reply;
        } finally {
            if (!handedOver) {
                socket.close();
            }
        }
    }

    /** Opens a connection, to one after the other of the addresses that a name has. */
    public static Socket connect(
            String host, int port, @Nullable InetAddress source, Deadline deadline)
            throws IOException {
        IOException first = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (source != null && source.getClass() != address.getClass()) {
                continue;
            }
            Socket socket = new Socket();
            try {
                if (source != null) {
                    socket.bind(new InetSocketAddress(source, 0));
                }
                socket.connect(new InetSocketAddress(address, port), deadline.millis());
                return socket;
            } catch (IOException e) {
                socket.close();
                first = first == null ? failure(address, port, e) : first;
            }
        }
        throw first != null
                ? first
                : new ConnectException(
                        "dial tcp " + hostAndPort(host, port) + ": no suitable address found");
    }

    /** In the words of Go, which operators know from the logs of sidecars. */
    private static IOException failure(InetAddress address, int port, IOException why) {
        String text = String.valueOf(why.getMessage());
        String reason =
                text.startsWith("Connection refused") ? "connect: connection refused" : text;
        boolean loopback = address instanceof Inet6Address && address.isLoopbackAddress();
        String at = hostAndPort(loopback ? "::1" : address.getHostAddress(), port);
        ConnectException failure = new ConnectException("dial tcp " + at + ": " + reason);
        failure.initCause(why);
        return failure;
    }

    private Socket secured(SSLSocketFactory factory, Socket socket) throws IOException {
        SSLSocket secure = (SSLSocket) factory.createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private byte[] bytes() throws IOException {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        for (HttpFields.Field field : fields.all()) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.write(body);
        return bytes.toByteArray();
    }
}
