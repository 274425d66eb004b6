package dev.attache.agent.identity.ca;

import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;

/** Counts what is asked of an authority, by the names of Istio's agent. Any thread. */
final class OutgoingRequests {

    private static final String LABEL = "request_type";
    private static final String CSR = "csr";

    private final AgentMetrics metrics;

    OutgoingRequests(AgentMetrics metrics) {
        this.metrics = metrics;
    }

    /** What may fail. */
    interface Asking<T> {
        T ask() throws IOException;
    }

    <T> T timed(Asking<T> asking) throws IOException {
        metrics.counter(
                        "num_outgoing_requests",
                        "Number of total outgoing requests (e.g. to a token exchange server, CA, etc.)",
                        LABEL,
                        CSR)
                .add(1);
        long began = System.nanoTime();
        boolean done = false;
        try {
            T answer = asking.ask();
            done = true;
            return answer;
        } finally {
            metrics.counter(
                            "outgoing_latency",
                            "The latency of outgoing requests (e.g. to a token exchange server, CA,"
                                    + " etc.) in milliseconds.",
                            LABEL,
                            CSR)
                    .add((System.nanoTime() - began) / 1e6);
            if (!done) {
                metrics.counter(
                                "num_failed_outgoing_requests",
                                "Number of failed outgoing requests (e.g. to a token exchange"
                                        + " server, CA, etc.)",
                                LABEL,
                                CSR)
                        .add(1);
            }
        }
    }

    void again() {
        metrics.counter(
                        "num_outgoing_retries",
                        "Number of outgoing retry requests (e.g. to a token exchange server, CA,"
                                + " etc.)",
                        LABEL,
                        CSR)
                .add(1);
    }
}
