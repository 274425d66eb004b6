package dev.attache.proxy.engine;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers each HTTP/1 request head with fixed bytes and remembers the requests. */
final class RawUpstream implements AutoCloseable {

    final List<String> heads = new CopyOnWriteArrayList<>();
    final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final List<String> responses;

    /** Answers in turn; the last answer repeats. */
    RawUpstream(String... responses) throws IOException {
        this.responses = List.of(responses);
        this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            int c;
            while ((c = in.read()) >= 0) {
                head.append((char) c);
                if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                    readBody(in, head);
                    heads.add(head.toString());
                    head.setLength(0);
                    String response = responses.get(Math.min(heads.size(), responses.size()) - 1);
                    if (response.isEmpty()) {
                        return;
                    }
                    socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                }
            }
        } catch (IOException gone) {
            heads.add("gone: " + gone.getMessage());
        }
    }

    /** Up to its length, or to the end of its last chunk and the trailers. */
    private static void readBody(InputStream in, StringBuilder head) throws IOException {
        int length = length(head);
        for (int i = 0; i < length; i++) {
            head.append((char) in.read());
        }
        if (head.indexOf("transfer-encoding: chunked\r\n") >= 0) {
            int body = head.length() - 2;
            while (head.indexOf("\r\n0\r\n", body) < 0
                    || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                head.append((char) in.read());
            }
        }
    }

    private static int length(StringBuilder head) {
        int at = head.indexOf("content-length: ");
        if (at < 0) {
            return 0;
        }
        return Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)).strip());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
