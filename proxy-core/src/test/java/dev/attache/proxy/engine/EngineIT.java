package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.listener.filter.HttpInspectorSpec;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.filter.ProxyProtocolSpec;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.RawServerTransportSpec;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners on real sockets: accepting, listener filters, matching, updates, draining. */
class EngineIT {

    private final StatsStore stats = new StatsStore();
    private final Engine engine =
            new Engine(
                    EngineOptions.defaults(stats)
                            .withConcurrency(2)
                            .withDrain(new DrainControl(300, DrainControl.Strategy.IMMEDIATE)));

    @AfterEach
    void nothingIsLeft() throws Exception {
        Leftovers.none(engine);
    }

    private PublishResult publish(ListenerSpec... listeners) {
        Map<String, ListenerSpec> map = new java.util.HashMap<>();
        Arrays.stream(listeners).forEach(spec -> map.put(spec.name(), spec));
        return Publishing.publish(
                engine,
                new ProxySnapshot(engine.snapshot().version() + 1, map, Map.of(), Map.of()));
    }

    private int port(String listener) {
        return ((IpAddress) engine.boundAddresses().get(listener).getFirst()).port();
    }

    private Socket connect(String listener) throws IOException {
        Socket socket = new Socket("127.0.0.1", port(listener));
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = socket.getInputStream().read()) >= 0 && c != '\n') {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Test
    void accepts_on_every_worker_and_echoes() throws Exception {
        assertThat(
                        publish(
                                        Listeners.listener("a")
                                                .chain(Listeners.chain("c", new EchoSpec("hi")))
                                                .build())
                                .failures())
                .isEmpty();
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Socket socket = connect("a");
            sockets.add(socket);
            assertThat(line(socket)).isEqualTo("hi");
            send(socket, "ping\n");
            assertThat(line(socket)).isEqualTo("ping");
        }
        assertThat(stats.counter("listener.a.downstream_cx_total").value()).isEqualTo(20);
        assertThat(stats.gauge("listener.a.downstream_cx_active").value()).isEqualTo(20);
        assertThat(stats.counter("listener.a.worker_0.downstream_cx_total").value())
                .isBetween(1L, 19L);
        for (Socket socket : sockets) {
            socket.close();
        }
        Awaiting.until(
                () -> stats.gauge("listener.a.downstream_cx_active").value() == 0, "all closed");
        assertThat(stats.counter("listener.a.downstream_cx_destroy").value()).isEqualTo(20);
    }

    @Test
    void exact_balance_spreads_evenly() throws Exception {
        publish(
                Listeners.listener("a")
                        .balance(ListenerSpec.ConnectionBalance.EXACT)
                        .chain(Listeners.chain("c", new EchoSpec("hi")))
                        .build());
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket socket = connect("a");
            sockets.add(socket);
            assertThat(line(socket)).isEqualTo("hi");
        }
        assertThat(stats.gauge("listener.a.worker_0.downstream_cx_active").value()).isEqualTo(5);
        assertThat(stats.gauge("listener.a.worker_1.downstream_cx_active").value()).isEqualTo(5);
        try (java.net.ServerSocket beside = new java.net.ServerSocket()) {
            beside.setOption(java.net.StandardSocketOptions.SO_REUSEPORT, true);
            beside.bind(sockets.getFirst().getRemoteSocketAddress());
            assertThat(beside.isBound()).isTrue();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void a_port_in_use_fails_that_listener_alone_and_the_old_version_stays() throws Exception {
        publish(Listeners.listener("a").chain(Listeners.chain("c", new EchoSpec("one"))).build());
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
            PublishResult result =
                    publish(
                            Listeners.listener("a")
                                    .at(IpAddress.parse("0.0.0.0", taken.getLocalPort()))
                                    .chain(Listeners.chain("c", new EchoSpec("two")))
                                    .build(),
                            Listeners.listener("b")
                                    .chain(Listeners.chain("c", new EchoSpec("three")))
                                    .build());
            assertThat(result.failures()).hasSize(1);
            assertThat(result.failures().getFirst().listener()).isEqualTo("a");
            assertThat(result.failures().getFirst().reason())
                    .isEqualTo(
                            "cannot bind '0.0.0.0:"
                                    + taken.getLocalPort()
                                    + "': Address already in use");
            try (Socket a = connect("a");
                    Socket b = connect("b")) {
                assertThat(line(a)).isEqualTo("one");
                assertThat(line(b)).isEqualTo("three");
            }
        }
    }

    @Test
    void an_update_keeps_the_connections_of_unchanged_chains_and_drains_the_others()
            throws Exception {
        FilterChainMatch loopback = match(List.of(), "", List.of("http/1.1"));
        var same =
                Listeners.chain(
                        "same", loopback, new RawServerTransportSpec(), new EchoSpec("same"));
        publish(
                Listeners.listener("a")
                        .filter(new HttpInspectorSpec())
                        .chain(same)
                        .fallback(Listeners.chain("other", new EchoSpec("old")))
                        .build());
        Socket kept = connect("a");
        send(kept, "GET / HTTP/1.1\r\n");
        assertThat(line(kept)).isEqualTo("same");
        Socket drained = connect("a");
        send(drained, "\1\2");
        assertThat(line(drained)).isEqualTo("old");
        int port = port("a");
        publish(
                Listeners.listener("a")
                        .filter(new HttpInspectorSpec())
                        .chain(same)
                        .fallback(Listeners.chain("other", new EchoSpec("new")))
                        .build());
        assertThat(port("a")).isEqualTo(port);
        assertThat(engine.drainingChains()).isPositive();
        try (Socket fresh = connect("a")) {
            send(fresh, "\1\2");
            assertThat(line(fresh)).isEqualTo("new");
        }
        // The drain time ends the drained one, not the kept one.
        assertThat(line(drained)).isEqualTo("\1\2");
        assertThat(drained.getInputStream().read()).isEqualTo(-1);
        drained.close();
        Awaiting.until(() -> engine.drainingChains() == 0, "the changed chain is gone");
        assertThat(line(kept)).isEqualTo("GET / HTTP/1.1\r");
        send(kept, "x\n");
        assertThat(line(kept)).isEqualTo("x");
        kept.close();
    }

    @Test
    void an_update_outside_of_the_chains_drains_them_all() throws Exception {
        var same = Listeners.chain("same", new EchoSpec("same"));
        publish(Listeners.listener("a").chain(same).build());
        Socket old = connect("a");
        assertThat(line(old)).isEqualTo("same");
        int port = port("a");
        publish(
                Listeners.listener("a")
                        .chain(same)
                        .bufferLimit(5000)
                        .fingerprint("another")
                        .build());
        assertThat(port("a")).isEqualTo(port);
        assertThat(engine.drainingChains()).isPositive();
        try (Socket fresh = connect("a")) {
            assertThat(line(fresh)).isEqualTo("same");
        }
        assertThat(old.getInputStream().read()).isEqualTo(-1);
        old.close();
        Awaiting.until(() -> engine.drainingChains() == 0, "the old version is gone");
    }

    @Test
    void no_match_closes_counts_and_logs() throws Exception {
        List<String> entries = new CopyOnWriteArrayList<>();
        publish(
                Listeners.listener("a")
                        .chain(
                                Listeners.chain(
                                        "tls",
                                        match(List.of(), "tls", List.of()),
                                        new RawServerTransportSpec(),
                                        new EchoSpec("x")))
                        .log(entry ->
                                entries.add(
                                        entry.info().flags(false)
                                                + " "
                                                + entry.info().responseCodeDetails()))
                        .build());
        try (Socket socket = connect("a")) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(entries).containsExactly("NR filter_chain_not_found");
        assertThat(stats.counter("listener.a.no_filter_chain_match").value()).isEqualTo(1);
    }

    private static FilterChainMatch match(
            List<String> names, String transport, List<String> protocols) {
        return new FilterChainMatch(
                0,
                List.of(),
                names,
                transport,
                protocols,
                List.of(),
                FilterChainMatch.SourceType.ANY,
                List.of(),
                List.of());
    }

    @Test
    void hands_off_by_restored_destination() throws Exception {
        EchoSpec target = new EchoSpec("target");
        publish(
                Listeners.listener("virtual")
                        .useOriginalDst()
                        .filter((worker, store) ->
                                () ->
                                        context -> {
                                            context.info()
                                                    .restoreLocalAddress(
                                                            IpAddress.parse("10.1.2.3", 8080));
                                            return ListenerFilter.Status.CONTINUE;
                                        })
                        .chain(Listeners.chain("c", new EchoSpec("virtual")))
                        .build(),
                Listeners.listener("0.0.0.0_8080")
                        .at(IpAddress.parse("0.0.0.0", 8080))
                        .unbound()
                        .filter(new HttpInspectorSpec())
                        .chain(Listeners.chain("c", target))
                        .build());
        try (Socket socket = connect("virtual")) {
            send(socket, "GET / HTTP/1.1\r\n");
            assertThat(line(socket)).isEqualTo("target");
            assertThat(line(socket)).isEqualTo("GET / HTTP/1.1\r");
        }
        assertThat(target.seen().peek().requestedApplicationProtocols())
                .containsExactly("http/1.1");
        assertThat(target.seen().peek().localAddress()).hasToString("10.1.2.3:8080");
        Awaiting.until(
                () -> stats.gauge("listener.virtual.downstream_cx_active").value() == 0, "moved");
    }

    @Test
    void a_silent_client_meets_the_filter_timeout() throws Exception {
        publish(
                Listeners.listener("strict")
                        .filter(new TlsInspectorSpec(false, false, false))
                        .filterTimeout(50, false)
                        .chain(Listeners.chain("c", new EchoSpec("x")))
                        .build(),
                Listeners.listener("lenient")
                        .filter(new TlsInspectorSpec(false, false, false))
                        .filter(new HttpInspectorSpec())
                        .filterTimeout(50, true)
                        .chain(Listeners.chain("c", new EchoSpec("server first")))
                        .build());
        try (Socket strict = connect("strict");
                Socket lenient = connect("lenient")) {
            assertThat(strict.getInputStream().read()).isEqualTo(-1);
            assertThat(line(lenient)).isEqualTo("server first");
        }
        assertThat(stats.counter("listener.strict.downstream_pre_cx_timeout").value()).isEqualTo(1);
        assertThat(stats.gauge("listener.strict.downstream_pre_cx_active").value()).isZero();
        assertThat(stats.gauge("listener.lenient.downstream_pre_cx_active").value()).isZero();
    }

    @Test
    void proxy_protocol_is_consumed_and_believed() throws Exception {
        EchoSpec echo = new EchoSpec("hi");
        publish(
                Listeners.listener("a")
                        .filter(ProxyProtocolSpec.DEFAULTS)
                        .chain(Listeners.chain("c", echo))
                        .build());
        try (Socket socket = connect("a")) {
            send(socket, "PROXY TCP4 1.2.3.4 5.6.7.8 111 222\r\nrest\n");
            assertThat(line(socket)).isEqualTo("hi");
            assertThat(line(socket)).isEqualTo("rest");
        }
        assertThat(echo.seen().peek().remoteAddress()).hasToString("1.2.3.4:111");
        assertThat(echo.seen().peek().localAddress()).hasToString("5.6.7.8:222");
        try (Socket socket = connect("a")) {
            send(socket, "GET / HTTP/1.1\r\n\r\n");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException reset) {
            // Unread bytes at close: a reset is as good as an end.
            assertThat(reset).hasMessageContaining("reset");
        }
        assertThat(stats.counter("proxy_proto.not_found_disallowed").value()).isEqualTo(1);
    }

    @Test
    void listens_on_unix_sockets_with_a_mode_and_on_abstract_ones(@TempDir Path folder)
            throws Exception {
        Path path = folder.resolve("listen.sock");
        PublishResult result =
                publish(
                        Listeners.listener("file")
                                .at(new PipeAddress(path.toString(), 0640))
                                .chain(Listeners.chain("c", new EchoSpec("file")))
                                .build(),
                        Listeners.listener("abstract")
                                .at(
                                        new PipeAddress(
                                                "@attache-test-" + ProcessHandle.current().pid()))
                                .chain(Listeners.chain("c", new EchoSpec("abstract")))
                                .build());
        assertThat(result.failures()).isEmpty();
        assertThat(java.nio.file.Files.getPosixFilePermissions(path).toString())
                .contains("OWNER_READ", "OWNER_WRITE", "GROUP_READ")
                .doesNotContain("OTHERS", "EXECUTE", "GROUP_WRITE");
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            ByteBuffer buffer = ByteBuffer.allocate(16);
            while (buffer.position() < 5 && channel.read(buffer) >= 0) {
                assertThat(buffer.position()).isLessThanOrEqualTo(5);
            }
            assertThat(new String(buffer.array(), 0, 5, StandardCharsets.US_ASCII))
                    .isEqualTo("file\n");
        }
        assertThat(java.nio.file.Files.readString(Path.of("/proc/net/unix")))
                .contains("@attache-test-" + ProcessHandle.current().pid());
    }

    @Test
    void removing_a_listener_closes_its_sockets_and_drains() throws Exception {
        publish(Listeners.listener("a").chain(Listeners.chain("c", new EchoSpec("hi"))).build());
        int port = port("a");
        Socket open = connect("a");
        assertThat(line(open)).isEqualTo("hi");
        publish();
        assertThat(engine.boundAddresses()).isEmpty();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new Socket("127.0.0.1", port))
                .isInstanceOf(java.net.ConnectException.class);
        send(open, "still\n");
        assertThat(line(open)).isEqualTo("still");
        assertThat(open.getInputStream().read()).isEqualTo(-1);
        open.close();
    }

    @Test
    void a_thousand_updates_refuse_no_connection_and_leak_no_descriptor() throws Exception {
        publish(Listeners.listener("a").chain(Listeners.chain("c", new EchoSpec("hi"))).build());
        long before = descriptors();
        for (int i = 0; i < 1000; i++) {
            publish(
                    Listeners.listener("a")
                            .chain(Listeners.chain("c", new EchoSpec("hi")))
                            .build());
            if (i % 20 == 0) {
                try (Socket socket = connect("a")) {
                    assertThat(line(socket)).isEqualTo("hi");
                }
            }
        }
        Awaiting.until(() -> engine.connections() == 0, "connections are gone");
        assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    }

    private static long descriptors() throws IOException {
        try (var files = java.nio.file.Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }
}
