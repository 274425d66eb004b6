package dev.attache.filters.istio.stats;

import static dev.attache.filters.istio.stats.StatsLab.labels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is reported of gRPC. */
final class GrpcStreamsTest {
    private static final String REQUESTS = "istio_request_messages_total";
    private static final String RESPONSES = "istio_response_messages_total";
    private static final String MESSAGE = "\0\0\0\0\2ab";

    private static FilterSetup filter(String fields) {
        return StatsLab.filter(fields)
                .inFront(
                        BuiltinFilter.of(
                                "grpc_stats",
                                "grpc_stats.v3.FilterConfig",
                                "{emit_filter_state: true}"));
    }

    private static Exchange begin(FilterHarness harness) {
        return harness.request("POST", "/shop.Cart/Add", "content-type", "application/grpc");
    }

    @Test
    void messagesAreReportedWhileTheStreamIsOpenOnceThePeerIsKnown() {
        FilterSetup setup =
                filter("{tcp_reporting_duration: 1s}")
                        .before(StatsLab.inbound().andThen(StatsLab.peer("web", true)));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = begin(harness).body(MESSAGE + MESSAGE);
            exchange.respond(200, "content-type", "application/grpc").responseBody(MESSAGE);
            assertThat(StatsLab.value(harness.store(), REQUESTS)).isZero();
            harness.advance(1_000);
            assertThat(StatsLab.value(harness.store(), REQUESTS)).isEqualTo(2);
            assertThat(StatsLab.value(harness.store(), RESPONSES)).isEqualTo(1);
            exchange.end(MESSAGE).responseBody(MESSAGE).responseTrailers("grpc-status", "0");
            assertThat(StatsLab.value(harness.store(), REQUESTS)).isEqualTo(3);
            assertThat(StatsLab.value(harness.store(), RESPONSES)).isEqualTo(2);
            assertThat(labels(harness.store(), REQUESTS))
                    .hasSize(20)
                    .containsEntry("source_workload", "web-v2")
                    .doesNotContainKey("request_protocol");
            assertThat(labels(harness.store(), "istio_requests_total"))
                    .hasSize(25)
                    .containsEntry("source_workload", "web-v2")
                    .containsEntry("request_protocol", "grpc")
                    .containsEntry("grpc_response_status", "0");
        }
    }

    @Test
    void withoutAPeerTheyAreReportedAtTheEnd() {
        FilterSetup setup = filter("{tcp_reporting_duration: 1s}").before(StatsLab.inbound());
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = begin(harness).body(MESSAGE);
            harness.advance(5_000);
            assertThat(StatsLab.value(harness.store(), REQUESTS)).isZero();
            exchange.end().respond(200, "content-type", "application/grpc");
            exchange.responseTrailers("grpc-status", "7");
            assertThat(StatsLab.value(harness.store(), REQUESTS)).isEqualTo(1);
            assertThat(StatsLab.value(harness.store(), RESPONSES)).isZero();
            assertThat(labels(harness.store(), RESPONSES)).containsEntry("source_app", "unknown");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, application/grpc, 7, '', 7",
        "200, application/grpc, '', 14, 14",
        "200, application/grpc, 5, 14, 5",
        "200, application/grpc, x, '', -1",
        "200, application/grpc, 77, '', -1",
        "403, text/plain, '', '', 7",
        "503, text/plain, '', '', 14",
        "200, application/grpc, '', '', 2"
    })
    void theStatusIsThatOfTrailersOrOfHeadersOrStandsForTheCode(
            int code, String type, String trailer, String header, String status) {
        try (FilterHarness harness = filter("{}").before(StatsLab.outbound()).open()) {
            Exchange exchange = begin(harness).end(MESSAGE);
            if (header.isEmpty()) {
                exchange.respond(code, "content-type", type);
            } else {
                exchange.respond(code, "content-type", type, "grpc-status", header);
            }
            if (trailer.isEmpty()) {
                exchange.responseEnd("");
            } else {
                exchange.responseTrailers("grpc-status", trailer);
            }
            assertThat(labels(harness.store(), "istio_requests_total"))
                    .containsEntry("grpc_response_status", status)
                    .containsEntry("request_protocol", "grpc");
        }
    }
}
