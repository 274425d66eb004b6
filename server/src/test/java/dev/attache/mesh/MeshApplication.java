package dev.attache.mesh;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The application of a mesh's workload: HTTP/1 servers that send back the head of each request, the
 * length of its body and the address that it came from, and echo after an upgrade; a TCP server and
 * a gRPC method that echo.
 */
final class MeshApplication implements AutoCloseable {
    private final List<ServerSocket> web = new ArrayList<>();
    private final ServerSocket tcp;
    private final Server grpc;

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    /** On free ports of the loopback. */
    MeshApplication() throws IOException {
        this("127.0.0.1", 0, 0, List.of(0));
    }

    /**
     * @param host the address it listens at
     * @param web the ports of the HTTP servers
     */
    MeshApplication(String host, int tcp, int grpc, List<Integer> web) throws IOException {
        InetAddress address = InetAddress.getByName(host);
        this.tcp = new ServerSocket(tcp, 64, address);
        Thread.ofVirtual()
                .start(() ->
                        accept(
                                this.tcp,
                                socket ->
                                        socket.getInputStream()
                                                .transferTo(socket.getOutputStream())));
        for (int port : web) {
            ServerSocket server = new ServerSocket(port, 64, address);
            this.web.add(server);
            Thread.ofVirtual().start(() -> accept(server, MeshApplication::answer));
        }
        this.grpc =
                NettyServerBuilder.forAddress(new InetSocketAddress(address, grpc))
                        .addService(
                                ServerServiceDefinition.builder("test.Echo")
                                        .addMethod(
                                                RawGrpc.ECHO,
                                                ServerCalls.asyncUnaryCall((request, response) -> {
                                                    response.onNext(request);
                                                    response.onCompleted();
                                                }))
                                        .build())
                        .build()
                        .start();
    }

    int http() {
        return web.getFirst().getLocalPort();
    }

    int tcp() {
        return tcp.getLocalPort();
    }

    int grpc() {
        return grpc.getPort();
    }

    private static void accept(ServerSocket server, Service service) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, service));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket, Service service) {
        try (socket) {
            service.serve(socket);
        } catch (IOException gone) {
            // Ended by the proxy: what the client saw is what the test judges.
            return;
        }
    }

    private static void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        OutputStream out = socket.getOutputStream();
        String from = socket.getInetAddress().getHostAddress();
        String head = head(in);
        while (!head.isEmpty()) {
            if (head.toLowerCase(java.util.Locale.ROOT).contains("\r\nupgrade: websocket")) {
                text(
                        out,
                        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n");
                in.transferTo(out);
                return;
            }
            long length = in.readNBytes(length(head)).length;
            String body = head + "body of " + length + " from " + from + "\n";
            String status = head.contains(" /broken") ? "503 Broken" : "200 OK";
            text(
                    out,
                    "HTTP/1.1 %s\r\ncontent-length: %d\r\nx-app: yes\r\n\r\n%s"
                            .formatted(status, body.length(), body));
            head = head.contains("connection: close\r\n") ? "" : head(in);
        }
    }

    /** A request's head up to its empty line; empty at the end of the connection. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static int length(String head) {
        return head.lines()
                .filter(line ->
                        line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket each : web) {
            each.close();
        }
        tcp.close();
        grpc.shutdownNow();
    }
}
