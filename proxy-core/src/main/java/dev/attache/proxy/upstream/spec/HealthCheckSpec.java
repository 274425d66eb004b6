package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.log.LineLog;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.route.HeaderMutations;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.core.v3.HealthCheck} with Envoy's defaults applied. Immutable, any thread.
 * Times in milliseconds. Payloads are bytes as ISO 8859-1, which compares and searches them.
 *
 * @param name tells several checks of a cluster apart, and its stats from theirs; may be empty
 *     where it is the only one
 * @param timeoutMillis of one check
 * @param unhealthyThreshold failures in a row of the network's kind (or with a retriable status)
 *     that make a host unhealthy; any other failure does so at once
 * @param healthyThreshold successes in a row that make a host healthy again; the first check of a
 *     host needs one
 * @param reuseConnection checks of one host share a connection
 * @param alpnProtocols {@code tls_options}, offered instead of the cluster's
 * @param transportCriteria {@code transport_socket_match_criteria}, instead of the endpoint's
 *     metadata
 * @param alwaysLogFailures also those that change nothing
 * @param alwaysLogSuccess also those that change nothing
 * @param events take events as JSON, one line each
 */
public record HealthCheckSpec(
        String name,
        Probe probe,
        long timeoutMillis,
        Intervals intervals,
        long unhealthyThreshold,
        long healthyThreshold,
        boolean reuseConnection,
        List<String> alpnProtocols,
        Optional<MetadataValue.Struct> transportCriteria,
        boolean alwaysLogFailures,
        boolean alwaysLogSuccess,
        List<LineLog> events) {

    public HealthCheckSpec {
        alpnProtocols = List.copyOf(alpnProtocols);
        events = List.copyOf(events);
    }

    /**
     * When the next check begins.
     *
     * @param intervalMillis of a healthy host
     * @param noTrafficMillis while the cluster has never been used; 60 seconds
     * @param noTrafficHealthyMillis likewise, of healthy hosts; as {@code noTrafficMillis}
     * @param unhealthyMillis of an unhealthy host; as {@code intervalMillis}
     * @param unhealthyEdgeMillis after a failure that has not yet changed the host; as {@code
     *     unhealthyMillis}
     * @param healthyEdgeMillis after a success that has not yet changed the host; as {@code
     *     intervalMillis}
     * @param initialJitterMillis upper bound of what the first check waits, 0 = none
     * @param jitterMillis upper bound of what is added to each interval, 0 = none
     * @param jitterPercent likewise, of the interval
     */
    public record Intervals(
            long intervalMillis,
            long noTrafficMillis,
            long noTrafficHealthyMillis,
            long unhealthyMillis,
            long unhealthyEdgeMillis,
            long healthyEdgeMillis,
            long initialJitterMillis,
            long jitterMillis,
            long jitterPercent) {

        public static final long NO_TRAFFIC_MILLIS = 60_000;

        /** One interval for everything. */
        public static Intervals of(long millis) {
            return new Intervals(millis, millis, millis, millis, millis, millis, 0, 0, 0);
        }
    }

    /** What is asked, and what is taken for an answer. */
    public sealed interface Probe {

        /** {@code HealthCheckerType} of an event. */
        String type();
    }

    /**
     * {@code HttpHealthCheck}.
     *
     * @param negotiates {@code use_alpn_protocol}: speaks what TLS agreed on, else what {@code
     *     http2} says
     * @param host empty = the cluster's name
     * @param body null = none
     * @param receive pieces that the body must contain in this order
     * @param responseBufferSize how much of a body is looked at, 0 = all
     * @param expected healthy
     * @param retriable unhealthy, but counting towards the threshold
     * @param serviceName must match {@code x-envoy-upstream-healthchecked-cluster}; null =
     *     unchecked
     */
    public record Http(
            boolean http2,
            boolean negotiates,
            String method,
            String host,
            String path,
            @Nullable String body,
            List<String> receive,
            long responseBufferSize,
            List<StatusRange> expected,
            List<StatusRange> retriable,
            HeaderMutations headers,
            @Nullable StringMatcher serviceName)
            implements Probe {

        public static final long RESPONSE_BUFFER_SIZE = 1024;
        public static final List<StatusRange> OK_ONLY = List.of(new StatusRange(200, 201));

        public Http {
            receive = List.copyOf(receive);
            expected = List.copyOf(expected);
            retriable = List.copyOf(retriable);
        }

        /** A GET over HTTP/1 that expects 200. */
        public static Http get(String path) {
            return new Http(
                    false,
                    false,
                    "GET",
                    "",
                    path,
                    null,
                    List.of(),
                    RESPONSE_BUFFER_SIZE,
                    OK_ONLY,
                    List.of(),
                    HeaderMutations.NONE,
                    null);
        }

        @Override
        public String type() {
            return "HTTP";
        }
    }

    /** {@code Int64Range}: from {@code start}, below {@code end}. */
    public record StatusRange(int start, int end) {
        public boolean contains(int status) {
            return status >= start && status < end;
        }
    }

    /**
     * {@code TcpHealthCheck}.
     *
     * @param send empty = nothing
     * @param receive empty = to be connected is enough
     */
    public record Tcp(String send, List<String> receive, ProxyProtocol proxyProtocol)
            implements Probe {

        /** What begins each check. */
        public enum ProxyProtocol {
            NONE,
            V1,
            /** With the command LOCAL. */
            V2
        }

        public Tcp {
            receive = List.copyOf(receive);
        }

        @Override
        public String type() {
            return "TCP";
        }
    }

    /**
     * {@code GrpcHealthCheck}.
     *
     * @param service empty = the server as a whole
     * @param authority empty = the cluster's name
     */
    public record Grpc(String service, String authority, HeaderMutations metadata)
            implements Probe {

        @Override
        public String type() {
            return "GRPC";
        }
    }
}
