package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that take over from each other: the same restart of the real Envoy and of this proxy,
 * and what only this one promises. {@code bench/restarts.py} is the same under load.
 */
@Tag("conformance")
final class HotRestartIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String[] FLAGS = {
        "--concurrency",
        "2",
        "--drain-time-s",
        "1",
        "--drain-strategy",
        "immediate",
        "--parent-shutdown-time-s",
        "5"
    };

    @TempDir Path directory;

    /** A listener that answers by itself; statistics are flushed when it starts and ends alone. */
    private static String config(int admin, String listener) {
        return """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        stats_flush_interval: 299s
        static_resources:
          listeners:
        %s
        """
                .formatted(admin, listener);
    }

    private static String listener(String name, String address, String more) {
        return """
          - name: %s
            address: {%s}
        %s
            filter_chains:
            - filters:
              - name: hcm
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: %s
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: hi}}}]
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
        """
                .formatted(name, address, more.isEmpty() ? "" : "    " + more, name)
                .replaceAll("(?m)^\\s+\\n", "");
    }

    private static String at(int port) {
        return "socket_address: {address: 127.0.0.1, port_value: " + port + "}";
    }

    private RestartRow row(Path binary, int admin) throws IOException {
        return new RestartRow(binary, Files.createTempDirectory(directory, "row"), admin, FLAGS);
    }

    @Test
    void aRestartIsSeenAsThatOfEnvoy() throws Exception {
        assertThat(restarted(Peers.subject())).isEqualTo(restarted(Peers.envoy()));
    }

    /**
     * A supervisor hears of the end of its own children only: while the process before is there, it
     * is this one's part to see that the new one has died, and to end.
     */
    @Test
    void whoHasBeenReplacedEndsWithTheProcessThatReplacedIt() throws Exception {
        int admin = Ports.free();
        int port = Ports.free();
        String[] flags = {"--drain-time-s", "120", "--parent-shutdown-time-s", "120"};
        Path files = Files.createTempDirectory(directory, "row");
        try (RestartRow row = new RestartRow(Peers.subject(), files, admin, flags)) {
            row.environment("NOTIFY_SOCKET", files.resolve("nobody").toString());
            Process first = row.start(config(admin, listener("main", at(port), "")), 0);
            assertThat(signal(first.toHandle(), "HUP")).isZero();
            assertThat(
                            PeerProcess.eventually(
                                    LONG,
                                    () ->
                                            row.stats("^server\\.(hot_restart_epoch|live)$")
                                                    .equals(
                                                            Map.of(
                                                                    "server.hot_restart_epoch",
                                                                    1L,
                                                                    "server.live",
                                                                    1L))))
                    .as(row.text(0))
                    .isTrue();
            ProcessHandle second = first.toHandle().children().findFirst().orElseThrow();
            assertThat(signal(second, "KILL")).isZero();
            assertThat(row.end(0)).as(row.text(0)).isNotZero();
            assertThat(row.text(0)).contains("has ended with code 137");
        }
    }

    private static int signal(ProcessHandle process, String name) throws Exception {
        return new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** What can be seen of a restart with a connection in progress, by name. */
    private Map<String, Object> restarted(Path binary) throws Exception {
        int admin = Ports.free();
        int port = Ports.free();
        String config = config(admin, listener("main", at(port), ""));
        Map<String, Object> seen = new TreeMap<>();
        try (RestartRow row = row(binary, admin)) {
            row.start(config, 0);
            for (int i = 0; i < 3; i++) {
                assertThat(ChildProxy.get(port, "/")).startsWith("HTTP/1.1 200");
            }
            try (Socket early = RestartRow.connect(port)) {
                RestartRow.ask(early);
                assertThat(
                                PeerProcess.eventually(
                                        LONG, () -> counted(row, "downstream_cx_active") == 1))
                        .isTrue();
                seen.put("first", row.stats("^server\\.hot_restart"));
                row.start(config, 1);
                for (String gauge : List.of("downstream_cx_active", "downstream_rq_total")) {
                    seen.put(gauge, counted(row, gauge));
                }
                seen.put(
                        "second",
                        row.stats(
                                "^server\\.(hot_restart|live|state|parent_connections|concurrency)"));
                seen.put(
                        "info",
                        ChildProxy.get(admin, "/server_info")
                                .lines()
                                .map(String::strip)
                                .filter(line -> line.matches("\"(restart_epoch|state)\".*"))
                                .toList());
                assertThat(ChildProxy.get(port, "/")).startsWith("HTTP/1.1 200");
                seen.put("asked to leave", RestartRow.ask(early).contains("connection: close"));
            }
            seen.put("code of the parent", row.end(0));
            assertThat(
                            PeerProcess.eventually(
                                    LONG, () -> counted(row, "downstream_cx_active") == 0))
                    .isTrue();
            seen.put("alone", row.stats("^server\\.hot_restart"));
            seen.put(
                    "said",
                    row
                            .said(
                                    0,
                                    "initializing epoch 0 (base id=" + row.baseId(),
                                    "shutting down admin due to child startup",
                                    "terminating parent process",
                                    "closing and draining listeners",
                                    "shutting down due to child request",
                                    "caught ENVOY_SIGTERM",
                                    "shutting down server instance",
                                    "exiting")
                            .stream()
                            .map(line -> line.replaceAll("=\\d+", "="))
                            .toList());
            seen.put("said by the child", row.said(1, "shutting down parent after drain"));
        }
        return seen;
    }

    private static long counted(RestartRow row, String name) {
        return row.stats("^http\\.main\\." + name + "$").getOrDefault("http.main." + name, -1L);
    }

    @Test
    void whatCannotTakeOverLeavesTheOtherAsItIs() throws Exception {
        for (Path binary : List.of(Peers.envoy(), Peers.subject())) {
            int admin = Ports.free();
            int port = Ports.free();
            String config = config(admin, listener("main", at(port), ""));
            try (RestartRow row = row(binary, admin)) {
                row.start(config, 0);
                row.launch(config.replace("prefix: /}", "bogus: /}"), 1);
                assertThat(row.end(1)).as(row.text(1)).isEqualTo(1);
                row.launch(config, 0);
                assertThat(row.end(2)).as(row.text(2)).isEqualTo(1);
                assertThat(row.text(2))
                        .contains(
                                "unable to bind domain socket with base_id="
                                        + row.baseId() * 10L
                                        + ", id=0, errno=98 (see --base-id option)");
                assertThat(ChildProxy.get(port, "/")).startsWith("HTTP/1.1 200");
                assertThat(ChildProxy.get(admin, "/ready")).contains("LIVE");
            }
        }
    }

    /** Beyond Envoy: the admin interface, which such a child has closed, is open again. */
    @Test
    void aChildWhoseListenerCannotBeHadLeavesTheParentServing() throws Exception {
        int admin = Ports.free();
        int port = Ports.free();
        String config = config(admin, listener("main", at(port), ""));
        try (RestartRow row = row(Peers.subject(), admin)) {
            row.start(config, 0);
            String more =
                    listener("other", "socket_address: {address: 192.0.2.1, port_value: 1}", "");
            row.launch(config + more.indent(0), 1);
            assertThat(row.end(1)).as(row.text(1)).isEqualTo(1);
            assertThat(row.text(1)).contains("Cannot assign requested address");
            assertThat(ChildProxy.get(port, "/")).startsWith("HTTP/1.1 200");
            assertThat(
                            PeerProcess.eventually(
                                    LONG, () -> ChildProxy.get(admin, "/ready").contains("LIVE")))
                    .isTrue();
            row.start(config, 1);
            assertThat(ChildProxy.get(port, "/")).startsWith("HTTP/1.1 200");
        }
    }

    /** Three restarts, with all kinds of listeners, other workers, and one that moves. */
    @Test
    void noConnectionIsRefusedWhateverTheListenerIs() throws Exception {
        int admin = Ports.free();
        int plain = Ports.free();
        int single = Ports.free();
        int exact = Ports.free();
        int moved = Ports.free();
        int movedTo = Ports.free();
        Path pipe = directory.resolve("listener.sock");
        String same =
                listener("plain", at(plain), "")
                        + listener("single", at(single), "enable_reuse_port: false")
                        + listener(
                                "exact",
                                at(exact),
                                "connection_balance_config: {exact_balance: {}}")
                        + listener("pipe", "pipe: {path: " + pipe + "}", "")
                        + listener("unbound", at(Ports.free()), "bind_to_port: false");
        try (RestartRow row = row(Peers.subject(), admin)) {
            row.start(config(admin, same + listener("moved", at(moved), "")), 0);
            AtomicBoolean over = new AtomicBoolean();
            List<Caller> callers =
                    List.of(
                            new Caller(over, () -> ChildProxy.get(plain, "/")),
                            new Caller(over, () -> ChildProxy.get(single, "/")),
                            new Caller(over, () -> ChildProxy.get(exact, "/")),
                            new Caller(over, () -> overPipe(pipe)));
            for (int epoch = 1; epoch <= 3; epoch++) {
                row.start(
                        config(admin, same + listener("moved", at(movedTo), "")),
                        epoch,
                        "--file-flush-interval-msec",
                        Integer.toString(1000 + epoch));
                assertThat(ChildProxy.get(movedTo, "/")).startsWith("HTTP/1.1 200");
                row.end(epoch - 1);
            }
            over.set(true);
            for (Caller caller : callers) {
                caller.join();
                assertThat(caller.failure).isEmpty();
                assertThat(caller.answered.get()).isPositive();
            }
            assertThat(ChildProxy.get(moved, "/")).isEmpty();
            assertThat(row.stats("^server\\.hot_restart_generation$")).containsValue(4L);
        }
    }

    private static String overPipe(Path pipe) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(pipe));
            channel.write(
                    ByteBuffer.wrap(
                            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }

    /** One connection after the other, until it is over or one is not answered. */
    private static final class Caller extends Thread {
        private final AtomicBoolean over;
        private final Callable<String> call;
        private final AtomicInteger answered = new AtomicInteger();
        private volatile String failure = "";

        Caller(AtomicBoolean over, Callable<String> call) {
            this.over = over;
            this.call = call;
            setDaemon(true);
            start();
        }

        @Override
        public void run() {
            while (!over.get() && failure.isEmpty()) {
                try {
                    String answer = call.call();
                    failure = answer.startsWith("HTTP/1.1 200") ? "" : "answered: " + answer;
                    answered.incrementAndGet();
                    Thread.sleep(5);
                } catch (Exception e) {
                    failure = e.toString();
                }
            }
        }
    }
}
