package dev.attache.conformance.generated;

import dev.attache.conformance.Tree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers every HTTP/1.1 request on some ports with 200 and no body; and asks as plainly. */
final class PlainUpstream implements AutoCloseable {

    private static final int HOSTS = 8;
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final List<ServerSocket> sockets = new ArrayList<>();

    PlainUpstream() throws IOException {
        for (int i = 0; i < HOSTS; i++) {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            sockets.add(socket);
            Thread.ofVirtual().start(() -> accept(socket));
        }
    }

    int port(int host) {
        return sockets.get(host % HOSTS).getLocalPort();
    }

    private static void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket accepted = listening.accept();
                Thread.ofVirtual().start(() -> serve(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    socket.getOutputStream().write(OK);
                }
            }
        } catch (IOException gone) {
            return; // the proxy ended the connection
        }
    }

    /** Sends one request of a script, without its body, and reads until the connection ends. */
    static void ask(Socket socket, Map<String, Object> request, String id) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(Tree.text(request.get("method"), "GET"))
                .append(' ')
                .append(Tree.text(request.get("path"), "/"))
                .append(" HTTP/1.1\r\n");
        List<String> headers = Tree.strings(request.get("headers"));
        if (headers.stream().noneMatch(line -> line.startsWith("host:"))) {
            head.append("host: test\r\n");
        }
        for (String line : headers) {
            boolean leave =
                    line.startsWith(":")
                            || line.startsWith("content-length")
                            || line.startsWith("x-request-id");
            head.append(leave ? "" : line + "\r\n");
        }
        head.append("x-request-id: ").append(id).append("\r\nconnection: close\r\n\r\n");
        try {
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // what it says does not matter
            }
        } catch (SocketTimeoutException late) {
            return; // it is logged as it ends
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket socket : sockets) {
            socket.close();
        }
    }
}
