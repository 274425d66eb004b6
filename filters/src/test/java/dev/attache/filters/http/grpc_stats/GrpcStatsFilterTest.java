package dev.attache.filters.http.grpc_stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.filters.grpc.GrpcMessageCounts;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GrpcStatsFilterTest {
    private static final String PATH = "/shop.Cart/Add";
    private static final String STATS = "cluster.upstream.grpc.shop.Cart.Add.";
    private static final String MESSAGE = "\0\0\0\0\2ab";

    private static FilterSetup stats(String fields) {
        return BuiltinFilter.of("stats", "grpc_stats.v3.FilterConfig", fields);
    }

    private static Exchange grpc(FilterHarness harness, String body) {
        return harness.post(PATH, body, "content-type", "application/grpc");
    }

    @Test
    void messagesAreCountedHoweverTheyAreCut() {
        String outcome =
                stats("{stats_for_all_methods: true, emit_filter_state: true}")
                        .everyCut(harness -> {
                            Exchange exchange = grpc(harness, MESSAGE + MESSAGE);
                            exchange.respond(200, "content-type", "application/grpc");
                            exchange.responseBody(MESSAGE + MESSAGE + MESSAGE);
                            exchange.responseTrailers("grpc-status", "0");
                            var state = exchange.info().filterState().get(GrpcMessageCounts.KEY);
                            return harness.outcome()
                                    + (state == null ? "none" : state.serializeAsString());
                        });
        assertThat(outcome)
                .contains(
                        STATS + "0: 1\n",
                        STATS + "success: 1\n",
                        STATS + "total: 1\n",
                        STATS + "request_message_count: 2\n",
                        STATS + "response_message_count: 3\n")
                .endsWith("2,3");
    }

    @Test
    void aStatusInTheHeadCounts() {
        try (FilterHarness harness = stats("{stats_for_all_methods: true}").open()) {
            grpc(harness, MESSAGE)
                    .respondEmpty(200, "content-type", "application/grpc", "grpc-status", "14");
            assertThat(harness.stats())
                    .isEqualTo(
                            Map.of(
                                    STATS + "14", 1L,
                                    STATS + "failure", 1L,
                                    STATS + "total", 1L,
                                    STATS + "request_message_count", 1L));
        }
    }

    @Test
    void methodsThatAreNotListedCountForTheCluster() {
        FilterSetup setup =
                stats(
                        "{individual_method_stats_allowlist: {services: [{name: shop.Cart,"
                                + " method_names: [Drop]}]}}");
        try (FilterHarness harness = setup.open()) {
            grpc(harness, MESSAGE)
                    .respondEmpty(200, "content-type", "application/grpc", "grpc-status", "0");
            assertThat(harness.counter("cluster.upstream.grpc.success")).isEqualTo(1);
            assertThat(harness.counter(STATS + "success")).isZero();
        }
    }

    @Test
    void whatIsNotGrpcIsNotCounted() {
        try (FilterHarness harness = stats("{stats_for_all_methods: true}").open()) {
            Exchange exchange = harness.post(PATH, MESSAGE, "content-type", "text/plain");
            exchange.respond(200).responseBody(MESSAGE).responseTrailers("grpc-status", "0");
            assertThat(harness.stats()).isEmpty();
            assertThat(exchange.response().body()).isEqualTo(MESSAGE);
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        stats("{stats_for_all_methods: true, emit_filter_state: true}")
                .everyDeparture(harness ->
                        grpc(harness, MESSAGE)
                                .respond(200, "content-type", "application/grpc")
                                .responseBody(MESSAGE)
                                .responseTrailers("grpc-status", "0"));
    }
}
