package dev.attache.console.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against servers of one answer on sockets of the system. */
final class AdminClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void chunksAreJoinedAndTheTokenIsShown() throws Exception {
        String answer =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n"
                        + "\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n\r\n";
        try (ServerSocket server = listening()) {
            CompletableFuture<String> asked = answering(server, answer);
            AdminReply reply = client("secret", PATIENCE, of(server)).get("/xds?type=cds");
            assertThat(reply.contentType()).isEqualTo("application/json");
            assertThat(reply.json().getAsJsonObject().get("a").getAsInt()).isEqualTo(1);
            assertThat(asked.join())
                    .startsWith("GET /xds?type=cds HTTP/1.1\r\n")
                    .contains("\r\nHost: " + of(server) + "\r\n")
                    .contains("\r\nAuthorization: Bearer secret\r\n");
        }
    }

    @Test
    void refusalsSayWhatHelps() throws Exception {
        try (ServerSocket server = listening()) {
            answering(server, "HTTP/1.1 401 Unauthorized\r\ncontent-length: 3\r\n\r\nno!");
            assertThatThrownBy(() -> client(null, PATIENCE, of(server)).get("/xds"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                            of(server)
                                    + " answers /xds with 401: no!; --admin-token-file names the"
                                    + " token, --admin the port");
        }
    }

    @Test
    void aPageThatHasNotWhatIsAskedForSaysSo() throws Exception {
        try (ServerSocket server = listening()) {
            answering(server, "HTTP/1.1 404 Not Found\r\ncontent-length: 12\r\n\r\nnone is kept");
            assertThatThrownBy(() -> client(null, PATIENCE, of(server)).get("/explain"))
                    .hasMessage(of(server) + " answers /explain with 404: none is kept");
        }
    }

    /** Nobody knows who listens at a usual address. */
    @Test
    void aTokenIsForThePortThatIsNamed() throws Exception {
        Invocation invocation =
                new Invocation(
                        System.out, System.err, Map.of("ATTACHE_ADMIN_TOKEN_FILE", "/not/read"));
        AdminClient unnamed =
                AdminFlags.client(Flags.parse(List.of(), AdminFlags.with()), invocation);
        assertThat(unnamed.address()).isEqualTo("127.0.0.1:15000 or 127.0.0.1:9901");
        assertThatThrownBy(() -> named(invocation, "--admin", "1"))
                .hasMessageContaining("/not/read cannot be read");
        assertThatThrownBy(() -> named(invocation, "--admin-token-file", "/not/read"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("needs --admin");
    }

    private static AdminClient named(Invocation invocation, String... flags) throws Exception {
        return AdminFlags.client(Flags.parse(List.of(flags), AdminFlags.with()), invocation);
    }

    @Test
    void whereNobodyListensTheNextAddressIsAsked() throws Exception {
        AdminAddress nobody;
        try (ServerSocket gone = listening()) {
            nobody = of(gone);
        }
        assertThatThrownBy(() -> client(null, PATIENCE, nobody).get("/"))
                .hasMessage(
                        "no proxy answers at "
                                + nobody
                                + ": Connection refused; --admin names another address");
        try (ServerSocket server = listening()) {
            answering(server, "HTTP/1.1 200 OK\r\n\r\nall until the end");
            AdminClient client = client(null, PATIENCE, nobody, of(server));
            assertThat(client.get("/").body()).isEqualTo("all until the end");
            assertThat(client.address()).isEqualTo(of(server).toString());
        }
    }

    @Test
    void whoIsSilentIsNotWaitedForLongerThanAllowed() throws Exception {
        try (ServerSocket server = listening()) {
            assertThatThrownBy(() -> client(null, Duration.ofMillis(50), of(server)).get("/"))
                    .hasMessage(of(server) + " does not answer within 0.05 s (--timeout)");
        }
    }

    @Test
    void whatIsCutShortOrNoHttpIsSaid() throws Exception {
        try (ServerSocket server = listening()) {
            answering(server, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort");
            assertThatThrownBy(() -> client(null, PATIENCE, of(server)).get("/"))
                    .hasMessageContaining("the answer ends in its middle");
            answering(server, "\u0015\u0003\u0001\r\n\r\n");
            assertThatThrownBy(() -> client(null, PATIENCE, of(server)).get("/"))
                    .hasMessageContaining("does not speak HTTP/1.1; if the port speaks TLS");
        }
    }

    @Test
    void aSocketInTheFileSystemIsAsked(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("admin.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Thread.ofVirtual().start(() -> answerOnce(server));
            AdminClient client = client(null, PATIENCE, new AdminAddress.Unix(path.toString()));
            assertThat(client.get("/ready").body()).isEqualTo("LIVE\n");
        }
        assertThatThrownBy(() -> client(null, PATIENCE, new AdminAddress.Unix("/nowhere")).get("/"))
                .hasMessageStartingWith("no proxy answers at unix:/nowhere: No such file");
    }

    private static void answerOnce(ServerSocketChannel server) {
        try (SocketChannel accepted = server.accept()) {
            accepted.read(ByteBuffer.allocate(4096));
            String answer = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nLIVE\n";
            accepted.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static AdminClient client(
            @org.jspecify.annotations.Nullable String token,
            Duration timeout,
            AdminAddress... addresses) {
        return new AdminClient(List.of(addresses), token, null, null, timeout);
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    }

    private static AdminAddress of(ServerSocket server) {
        return new AdminAddress.Tcp("127.0.0.1", server.getLocalPort());
    }

    /** Answers one request, whose head is what comes of it. */
    private static CompletableFuture<String> answering(ServerSocket server, String answer) {
        CompletableFuture<String> head = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket accepted = server.accept()) {
                        StringBuilder read = new StringBuilder();
                        while (read.indexOf("\r\n\r\n") < 0) {
                            read.append((char) accepted.getInputStream().read());
                        }
                        accepted.getOutputStream()
                                .write(answer.getBytes(StandardCharsets.ISO_8859_1));
                        head.complete(read.toString());
                    } catch (IOException e) {
                        head.completeExceptionally(e);
                    }
                });
        return head;
    }
}
