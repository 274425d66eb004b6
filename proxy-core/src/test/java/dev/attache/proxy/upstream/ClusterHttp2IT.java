package dev.attache.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clusters that speak HTTP/2, over real sockets and a real loop. */
final class ClusterHttp2IT extends ClusterCases {
    private ClusterSpec http2(int port) {
        return ClusterSpec.named("c")
                .endpoints(assignment(port))
                .http(UpstreamHttpSpec.DEFAULTS.withProtocol(UpstreamHttpSpec.ProtocolChoice.HTTP2))
                .build();
    }

    @Test
    void http2SharesOneConnection() throws Exception {
        try (Http2Upstream server = new Http2Upstream(100)) {
            server.holdAnswers();
            add(http2(server.port()));
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                exchanges.add(start("c", null));
            }
            worker.await("all there", () -> server.waiting() == 20);
            server.answerAll();
            for (Exchange exchange : exchanges) {
                assertThat(outcome(exchange)).isEqualTo("h2");
            }
            assertThat(server.peers()).hasSize(1);
            assertThat(counter("upstream_cx_http2_total")).isEqualTo(1);
            assertThat(gauge("upstream_rq_active")).isZero();
        }
    }

    @Test
    void http2OpensAnotherWhereThePeersLimitIsReached() throws Exception {
        try (Http2Upstream server = new Http2Upstream(2)) {
            add(http2(server.port()));
            assertThat(get("c")).isEqualTo("h2");
            server.holdAnswers();
            List<Exchange> exchanges = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                exchanges.add(start("c", null));
            }
            // No more than the second connection can take: it serves before its SETTINGS are here.
            worker.await("limit", () -> server.waiting() == 4);
            server.answerAll();
            for (Exchange exchange : exchanges) {
                assertThat(outcome(exchange)).isEqualTo("h2");
            }
            assertThat(server.peers()).hasSize(2);
        }
    }

    @Test
    void goAwayMovesNewStreamsElsewhere() throws Exception {
        try (Http2Upstream server = new Http2Upstream(100)) {
            server.holdAnswers();
            add(http2(server.port()));
            Exchange old = start("c", null);
            worker.await("there", () -> server.waiting() == 1);
            server.peers().getFirst().goAway();
            worker.await("told", () -> counter("upstream_cx_close_notify") == 1);
            Exchange fresh = start("c", null);
            worker.await("second", () -> server.waiting() == 2);
            server.answerAll();
            assertThat(outcome(old)).isEqualTo("h2");
            assertThat(outcome(fresh)).isEqualTo("h2");
            assertThat(server.peers()).hasSize(2);
            worker.await("old one closed", () -> gauge("upstream_cx_active") == 1);
        }
    }
}
