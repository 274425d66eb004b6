package dev.attache.console.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.attache.console.admin.AdminFlags;
import dev.attache.console.command.ExitCode;
import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an admin port whose numbers rise with each look. */
final class TopTest {

    private final AtomicLong looks = new AtomicLong();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/stats", this::stats);
        server.createContext("/clusters", this::clusters);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void stats(HttpExchange exchange) throws IOException {
        String query = query(exchange);
        if (query.contains("type=Histograms")) {
            long n = looks.get();
            answer(
                    exchange,
                    """
                    {"stats":[{"histograms":[{"name":"cluster.web.upstream_rq_time","buckets":[
                     {"upper_bound":10,"interval":0,"cumulative":%d},
                     {"upper_bound":20,"interval":0,"cumulative":%d}]}]}]}
                    """
                            .formatted(8 * n, 2 * n));
            return;
        }
        long n = looks.incrementAndGet();
        String name = query.contains("^listener") ? "listener.0.0.0.0_80.http.in" : "cluster.web";
        String direction = query.contains("^listener") ? "down" : "up";
        String total = query.contains("^listener") ? "completed" : "total";
        answer(
                exchange,
                """
                {"stats":[{"name":"%1$s.%2$sstream_rq_%3$s","value":%4$d},
                 {"name":"%1$s.%2$sstream_rq_5xx","value":%5$d},
                 {"name":"%1$s.external.%2$sstream_rq_5xx","value":7},
                 {"name":"cluster.idle.upstream_cx_active","value":3}]}
                """
                        .formatted(name, direction, total, 1000 * n, 100 * n));
    }

    private void clusters(HttpExchange exchange) throws IOException {
        query(exchange);
        answer(
                exchange,
                "web::[::1]:80::rq_total::%d\nweb::[::1]:80::rq_error::0\nweb::[::1]:80::weight::1\n"
                        .formatted(500 * looks.get()));
    }

    private String query(HttpExchange exchange) {
        String raw = exchange.getRequestURI().getRawQuery();
        String query = URLDecoder.decode(raw, StandardCharsets.UTF_8);
        asked.add(exchange.getRequestURI().getPath() + "?" + query);
        return query;
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Watch watch(View view) throws Exception {
        List<String> flags = List.of("--admin", "" + server.getAddress().getPort());
        Flags read = Flags.parse(flags, AdminFlags.with());
        Invocation invocation = new Invocation(System.out, System.err, Map.of());
        return new Watch(new StatsSource(AdminFlags.client(read, invocation)), view, 10);
    }

    @Test
    void whatHappenedBetweenTwoLooksIsARow() throws Exception {
        Watch watch = watch(View.CLUSTERS);
        assertThat(watch.look()).isFalse();
        assertThat(watch.look()).isTrue();
        List<Row> rows = watch.rows();
        assertThat(rows).extracting(Row::name).containsExactly("web", "idle");
        Row web = rows.getFirst();
        assertThat(web.get(Metric.REQUESTS)).isPositive();
        assertThat(web.percent(Metric.SERVER_ERRORS)).isCloseTo(10, within(0.001));
        assertThat(rows.get(1).get(Metric.CONNECTIONS)).isEqualTo(3);
        // Of ten requests eight took up to 10 ms and two up to 20 ms.
        assertThat(web.p50()).isCloseTo(6.25, within(0.001));
        assertThat(web.p90()).isCloseTo(15, within(0.001));
    }

    @Test
    void onlyWhatIsShownIsAskedFor() throws Exception {
        Watch watch = watch(View.CLUSTERS);
        watch.look();
        watch.look();
        assertThat(asked).allMatch(query -> query.contains("usedonly"));
        assertThat(asked)
                .filteredOn(query -> query.contains("Histograms"))
                .isNotEmpty()
                .allMatch(query -> query.contains("cluster\\.web\\.upstream_rq_time"));
    }

    @Test
    void hostsAreThoseOfTheBusiestClusters() throws Exception {
        Watch watch = watch(View.HOSTS);
        watch.look();
        watch.look();
        assertThat(asked).contains("/clusters?filter=^(web|idle)$");
        assertThat(watch.rows()).extracting(Row::name).containsExactly("web [::1]:80");
        assertThat(watch.rows().getFirst().get(Metric.REQUESTS)).isPositive();
    }

    @Test
    void aCounterThatBeganAnewCountsFromNothing() {
        Sample before = new Sample(0);
        before.add("web", Metric.REQUESTS, 900);
        Sample now = new Sample(2_000_000_000L);
        now.add("web", Metric.REQUESTS, 10);
        assertThat(Row.between(before, now).getFirst().get(Metric.REQUESTS)).isEqualTo(5);
    }

    @Test
    void aTableIsPrintedWhereThereIsNoTerminal() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Invocation invocation =
                new Invocation(
                        new PrintStream(out, true, StandardCharsets.UTF_8), System.err, Map.of());
        List<String> line =
                List.of(
                        "--once",
                        "--interval",
                        "0.05",
                        "--admin",
                        "" + server.getAddress().getPort());
        assertThat(TopCommand.command().run(line, invocation)).isEqualTo(ExitCode.DONE);
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        assertThat(lines).hasSize(4);
        assertThat(lines[1]).startsWith("CLUSTER").endsWith("CX");
        assertThat(lines[2]).startsWith("web ").containsPattern(" 10(\\.0)? ");
    }

    /** JLine's own pseudo-terminal: the keys go in at one end, the screen comes out at it. */
    @Test
    void aTerminalShowsItAndKeysChangeIt() throws Exception {
        try (PipedOutputStream keys = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(keys);
                Terminal terminal = terminal(in, drawn)) {
            terminal.setSize(new Size(100, 12));
            Watch watch = watch(View.CLUSTERS);
            watch.look();
            CompletableFuture<Integer> ended = new CompletableFuture<>();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try {
                            ended.complete(LiveTop.on(terminal, watch, Duration.ofMillis(500)));
                        } catch (IOException | RuntimeException e) {
                            ended.completeExceptionally(e);
                        }
                    });
            await("web  ");
            press(keys, "/idle\r");
            await("filter idle");
            press(keys, "l");
            await("LISTENER");
            press(keys, "\u001b");
            await("0.0.0.0_80");
            terminal.setSize(new Size(40, 6));
            await("attache top  127.0.0.1:");
            press(keys, "?");
            await("sort by");
            press(keys, "q");
            assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.DONE);
        }
    }

    private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    private int seen;

    private static Terminal terminal(PipedInputStream in, ByteArrayOutputStream out)
            throws IOException {
        return TerminalBuilder.builder()
                .system(false)
                .streams(in, out)
                .type("xterm")
                .provider("ffm")
                .build();
    }

    private static void press(PipedOutputStream keys, String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.US_ASCII));
        keys.flush();
    }

    /** Waits until the text is drawn, behind what was waited for before. */
    private void await(String text) throws InterruptedException {
        long limit = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            String all = drawn.toString(StandardCharsets.UTF_8);
            int at = all.indexOf(text, seen);
            if (at >= 0) {
                seen = at + text.length();
                return;
            }
            assertThat(System.nanoTime()).as("no \"%s\" in %s", text, all).isLessThan(limit);
            Thread.sleep(20);
        }
    }
}
