package dev.attache.proxy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stats.Stat;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a listener without a connection costs in stats: their names are listed, and no more. */
class IdleListenerIT {
    private static final List<String> COUNTERS =
            List.of(
                    "listener.web.downstream_cx_total",
                    "listener.web.worker_0.downstream_cx_total",
                    "listener.web.no_filter_chain_match",
                    "listener.web.http.web.downstream_rq_completed",
                    "http.web.downstream_rq_total",
                    "http.web.rq_direct_response",
                    "http.web.rq_redirect",
                    "http.web.no_route");
    private static final List<String> GAUGES =
            List.of(
                    "listener.web.downstream_cx_active",
                    "listener.web.worker_0.downstream_cx_active",
                    "http.web.downstream_rq_active");
    private static final List<String> HISTOGRAMS =
            List.of("listener.web.downstream_cx_length_ms", "http.web.downstream_rq_time");

    private final HttpFixture fixture = new HttpFixture();

    @AfterEach
    void nothingIsLeft() throws Exception {
        Awaiting.until(() -> fixture.engine.connections() == 0, "connections are gone");
        fixture.close();
    }

    @Test
    void namesAreListedAndNothingIsKept() throws Exception {
        int port =
                fixture.serve(
                        HttpFixture.manager(
                                HttpFixture.table(
                                        HttpFixture.route(
                                                "/",
                                                new RouteAction.DirectResponse(200, null, null)))));
        assertThat(kept(fixture.stats::counters)).doesNotContainAnyElementsOf(COUNTERS);
        assertThat(kept(fixture.stats::gauges)).doesNotContainAnyElementsOf(GAUGES);
        assertThat(kept(fixture.stats::histograms)).doesNotContainAnyElementsOf(HISTOGRAMS);
        assertThat(names(fixture.stats.counters())).containsAll(COUNTERS);
        assertThat(names(fixture.stats.gauges())).containsAll(GAUGES);
        assertThat(names(fixture.stats.histograms())).containsAll(HISTOGRAMS);

        request(port);

        assertThat(kept(fixture.stats::counters)).containsAll(without("http.web.rq_redirect"));
        assertThat(kept(fixture.stats::gauges)).containsAll(GAUGES);
        assertThat(kept(fixture.stats::histograms)).containsAll(HISTOGRAMS);
        assertThat(fixture.stats.counter("listener.web.downstream_cx_total").value()).isEqualTo(1);
        assertThat(fixture.stats.counter("http.web.rq_direct_response").value()).isEqualTo(1);
        // Once each, whether it counts or not.
        assertThat(names(fixture.stats.counters())).doesNotHaveDuplicates().containsAll(COUNTERS);
    }

    private static List<String> without(String name) {
        return COUNTERS.stream().filter(each -> !each.equals(name)).toList();
    }

    /** What is the same object in two lists; a zero that only stands for a name is made anew. */
    private static <T extends Stat> List<String> kept(Supplier<Collection<T>> list) {
        Collection<T> now = list.get();
        return list.get().stream()
                .filter(stat -> now.stream().anyMatch(other -> other == stat))
                .map(Stat::name)
                .toList();
    }

    private static List<String> names(Collection<? extends Stat> stats) {
        return stats.stream().map(Stat::name).toList();
    }

    private static void request(int port) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
            try (InputStream in = socket.getInputStream()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 200 ");
            }
        }
    }
}
