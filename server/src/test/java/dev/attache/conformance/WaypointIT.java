package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A waypoint with another proxy on both sides: the client's tunnels come from one, the waypoint's
 * own lead to one. What the whole of a waypoint does beside Envoy is the case {@code waypoint}.
 */
@Tag("conformance")
final class WaypointIT {

    private static final Pattern EPHEMERAL = Pattern.compile("127\\.0\\.0\\.1:\\d+");

    @TempDir private Path directory;

    /** Three proxies: tunnels of the client, the waypoint, and what ends the waypoint's tunnels. */
    private final class Mesh implements AutoCloseable {

        private final int http = Ports.free();
        private final int tcp = Ports.free();
        private final int hbone = Ports.free();
        private final int node = Ports.free();
        private final Path work;
        private final Path log;
        private final Certificates keys;
        private final ProxyProcess server;
        private final ProxyProcess waypoint;
        private final ProxyProcess client;

        Mesh(String name, Path outer, Path middle) throws Exception {
            work = Files.createDirectories(directory.resolve(name));
            log = work.resolve("waypoint.log");
            keys = new Certificates(Files.createDirectories(work.resolve("keys")));
            server = start(outer, "server");
            waypoint = start(middle, "waypoint");
            client = start(outer, "client");
        }

        /** One of the files beside the cases, with this mesh's ports and certificates. */
        private ProxyProcess start(Path binary, String role) throws Exception {
            int admin = Ports.free();
            Path own = Files.createDirectories(work.resolve(role));
            String config =
                    Files.readString(Peers.cases().resolveSibling("waypoint/" + role + ".yaml"))
                            .replace("${admin}", String.valueOf(admin))
                            .replace("${http}", String.valueOf(http))
                            .replace("${tcp}", String.valueOf(tcp))
                            .replace("${hbone}", String.valueOf(hbone))
                            .replace("${node}", String.valueOf(node))
                            .replace("${log}", log.toString())
                            .replace("${ca}", keys.chain("ca").toString());
            for (String each : List.of("client", "server", "server2")) {
                config =
                        config.replace("${cert." + each + "}", keys.chain(each).toString())
                                .replace("${key." + each + "}", keys.key(each).toString());
            }
            return ProxyProcess.start(
                    binary,
                    Files.writeString(own.resolve("envoy.yaml"), config),
                    own,
                    admin,
                    List.of());
        }

        /** What comes back for {@code sent}, to the end of the connection. */
        String asked(String sent) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                return text(socket.getInputStream().readAllBytes());
            }
        }

        /** What comes back for {@code sent}: as much of it, then the rest behind our end. */
        String echoed(String sent) throws IOException {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tcp)) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                byte[] back = socket.getInputStream().readNBytes(sent.length());
                socket.shutdownOutput();
                return text(back) + text(socket.getInputStream().readAllBytes());
            }
        }

        private static String text(byte[] octets) {
            return new String(octets, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() throws Exception {
            client.close();
            waypoint.close();
            server.close();
        }
    }

    private static String request(String method) {
        return method
                + " / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n"
                + "x-forwarded-client-cert: By=evil\r\n\r\n";
    }

    /** Status, what the application was told, and what the waypoint logged. */
    private String seen(String name, Path outer, Path middle) throws Exception {
        try (Mesh mesh = new Mesh(name, outer, middle)) {
            StringBuilder seen = new StringBuilder();
            for (String method : List.of("GET", "DELETE")) {
                mesh.asked(request(method))
                        .lines()
                        .filter(line -> line.startsWith("HTTP/1.1") || line.startsWith("x-seen"))
                        .forEach(line -> seen.append(line).append('\n'));
            }
            seen.append(mesh.echoed("hello")).append('\n');
            PeerProcess.eventually(Duration.ofSeconds(20), () -> logged(mesh.log).size() == 3);
            logged(mesh.log).forEach(line -> seen.append(line).append('\n'));
            return EPHEMERAL.matcher(seen).replaceAll("127.0.0.1:<port>");
        }
    }

    private static List<String> logged(Path log) {
        try {
            return Files.readAllLines(log).stream().sorted().toList();
        } catch (IOException notYet) {
            return List.of();
        }
    }

    @Test
    void amongOthers() throws Exception {
        String reference = seen("envoy", Peers.envoy(), Peers.envoy());
        assertThat(reference)
                .contains(
                        "HTTP/1.1 200",
                        "HTTP/1.1 403",
                        "x-seen: By=spiffe://mesh.test/ns/b/sa/second"
                                + ";URI=spiffe://mesh.test/ns/a/sa/client",
                        "hello");
        assertThat(seen("between-envoys", Peers.envoy(), Peers.subject())).isEqualTo(reference);
        assertThat(seen("around-envoy", Peers.subject(), Peers.envoy())).isEqualTo(reference);
        assertThat(seen("ours", Peers.subject(), Peers.subject())).isEqualTo(reference);
    }
}
