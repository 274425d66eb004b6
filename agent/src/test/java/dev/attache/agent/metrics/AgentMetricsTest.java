package dev.attache.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AgentMetricsTest {

    @Test
    void printsFamiliesByName() {
        AgentMetrics metrics = new AgentMetrics();
        metrics.counter("xds_proxy_requests", "Requests.").add(2);
        metrics.counter("istiod_connection_terminations", "Ends.", "type", "a\"b").add(1);
        metrics.gauge("cert_expiry_seconds", "Left.", "resource_name", "default", () -> 1.5);

        assertThat(metrics.print())
                .isEqualTo(
                        """
                        # HELP istio_agent_cert_expiry_seconds Left.
                        # TYPE istio_agent_cert_expiry_seconds gauge
                        istio_agent_cert_expiry_seconds{resource_name="default"} 1.5
                        # HELP istio_agent_istiod_connection_terminations Ends.
                        # TYPE istio_agent_istiod_connection_terminations counter
                        istio_agent_istiod_connection_terminations{type="a\\"b"} 1
                        # HELP istio_agent_xds_proxy_requests Requests.
                        # TYPE istio_agent_xds_proxy_requests counter
                        istio_agent_xds_proxy_requests 2
                        """);
    }

    @Test
    void bucketsHoldWhatIsAtMostTheirBound() {
        AgentMetrics metrics = new AgentMetrics();
        Histogram latency = metrics.histogram("outgoing_latency", "Seconds.");
        latency.observe(.005);
        latency.observe(11);

        assertThat(metrics.print())
                .contains("_bucket{le=\"0.005\"} 1\n")
                .contains("_bucket{le=\"10\"} 1\n")
                .contains("_bucket{le=\"+Inf\"} 2\n")
                .contains("_count 2\n");
    }

    @Test
    void aNameIsOfOneType() {
        AgentMetrics metrics = new AgentMetrics();
        metrics.counter("startup", "Once.");

        assertThatThrownBy(() -> metrics.histogram("startup", "Once."))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
