package dev.attache.agent.relay;

import dev.attache.agent.metrics.AgentMetrics;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;

/** What is counted of the relay, by the names of Istio's agent. Any thread. */
final class RelayMetrics {

    /** Ends of connections that belong to a control plane's life, as gRPC words them. */
    private static final List<String> ORDINARY =
            List.of(
                    "client disconnected",
                    "error reading from server: EOF",
                    "transport is closing",
                    "Network closed",
                    "NO_ERROR");

    private final RelayState state = new RelayState();
    private final DoubleAdder failures;
    private final DoubleAdder requests;
    private final DoubleAdder responses;
    private final Ends ofControlPlane;
    private final Ends ofProxy;

    /** Ends of streams of one side. */
    record Ends(DoubleAdder cancelled, DoubleAdder failed) {
        static Ends of(AgentMetrics metrics, String name, String help) {
            return new Ends(
                    metrics.counter(name, help, "type", "cancelled"),
                    metrics.counter(name, help, "type", "error"));
        }
    }

    RelayMetrics(AgentMetrics metrics) {
        failures =
                metrics.counter(
                        "istiod_connection_failures",
                        "The total number of connection failures to Istiod");
        requests = metrics.counter("xds_proxy_requests", "The total number of Xds Proxy Requests");
        responses =
                metrics.counter("xds_proxy_responses", "The total number of Xds Proxy Responses");
        ofControlPlane =
                Ends.of(
                        metrics,
                        "istiod_connection_terminations",
                        "The total number of connection errors to Istiod");
        ofProxy =
                Ends.of(
                        metrics,
                        "envoy_connection_terminations",
                        "The total number of connection errors from envoy");
    }

    RelayState state() {
        return state;
    }

    void notOpened() {
        failures.add(1);
    }

    void request() {
        requests.add(1);
    }

    void response() {
        responses.add(1);
    }

    /**
     * The control plane has ended the stream.
     *
     * @return whether that is part of its life
     */
    boolean endOfControlPlane(Status status) {
        return ended(ofControlPlane, ordinary(status));
    }

    void endOfProxy(boolean ordinary) {
        ended(ofProxy, ordinary);
    }

    private static boolean ended(Ends ends, boolean ordinary) {
        (ordinary ? ends.cancelled : ends.failed).add(1);
        return ordinary;
    }

    private static boolean ordinary(Status status) {
        String description = String.valueOf(status.getDescription());
        return switch (status.getCode()) {
            case OK, CANCELLED, DEADLINE_EXCEEDED -> true;
            case UNAVAILABLE -> ORDINARY.stream().anyMatch(description::contains);
            default -> description.contains("NO_ERROR");
        };
    }
}
