package dev.attache.agent.names;

import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.metrics.Histogram;
import java.util.concurrent.atomic.DoubleAdder;

/** What is counted of names, as Istio's agent does. Any thread. */
record NameMetrics(
        DoubleAdder requests, DoubleAdder forwarded, DoubleAdder failures, Histogram duration) {

    static NameMetrics of(AgentMetrics metrics) {
        return new NameMetrics(
                metrics.counter("dns_requests_total", "Total number of DNS requests."),
                metrics.counter(
                        "dns_upstream_requests_total",
                        "Total number of DNS requests forwarded to upstream."),
                metrics.counter("dns_upstream_failures_total", "Total number of DNS failures."),
                metrics.histogram(
                        "dns_upstream_request_duration_seconds",
                        "Total time in seconds Istio takes to get DNS response from upstream.",
                        .001,
                        .005,
                        0.01,
                        0.1,
                        1,
                        5));
    }
}
