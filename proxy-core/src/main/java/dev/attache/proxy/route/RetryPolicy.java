package dev.attache.proxy.route;

import dev.attache.proxy.http.HeaderMatcher;
import java.util.List;
import java.util.Set;

/**
 * {@code envoy.config.route.v3.RetryPolicy} with defaults applied. Immutable.
 *
 * @param on parsed {@code retry_on}; unknown tokens are ignored, as in Envoy
 * @param perTryTimeoutMillis 0 = none
 * @param perTryIdleTimeoutMillis 0 = none
 * @param hostPredicates names of {@code retry_host_predicate} entries: {@code previous_hosts},
 *     {@code omit_canary_hosts}
 * @param priorityUpdateFrequency after how many attempts {@code previous_priorities} leaves out the
 *     levels that were tried; 0 = it does not
 * @param refreshCluster each further try is for the cluster that the route picks then
 */
public record RetryPolicy(
        Set<RetryOn> on,
        int numRetries,
        long perTryTimeoutMillis,
        long perTryIdleTimeoutMillis,
        Set<Integer> retriableStatusCodes,
        List<HeaderMatcher> retriableHeaders,
        List<HeaderMatcher> retriableRequestHeaders,
        long backOffBaseMillis,
        long backOffMaxMillis,
        List<ResetHeader> rateLimitedResetHeaders,
        long rateLimitedMaxIntervalMillis,
        Set<HostPredicate> hostPredicates,
        int hostSelectionMaxAttempts,
        int priorityUpdateFrequency,
        boolean refreshCluster) {

    /** Conditions under which to try again. */
    public enum RetryOn {
        SERVER_ERROR("5xx"),
        GATEWAY_ERROR("gateway-error"),
        RESET("reset"),
        RESET_BEFORE_REQUEST("reset-before-request"),
        CONNECT_FAILURE("connect-failure"),
        ENVOY_RATELIMITED("envoy-ratelimited"),
        RETRIABLE_4XX("retriable-4xx"),
        REFUSED_STREAM("refused-stream"),
        RETRIABLE_STATUS_CODES("retriable-status-codes"),
        RETRIABLE_HEADERS("retriable-headers"),
        HTTP3_POST_CONNECT_FAILURE("http3-post-connect-failure"),
        GRPC_CANCELLED("cancelled"),
        GRPC_DEADLINE_EXCEEDED("deadline-exceeded"),
        GRPC_INTERNAL("internal"),
        GRPC_RESOURCE_EXHAUSTED("resource-exhausted"),
        GRPC_UNAVAILABLE("unavailable");

        private final String token;

        RetryOn(String token) {
            this.token = token;
        }

        public String token() {
            return token;
        }

        public boolean isGrpc() {
            return ordinal() >= GRPC_CANCELLED.ordinal();
        }
    }

    /** {@code envoy.retry_host_predicates.*}. */
    public enum HostPredicate {
        PREVIOUS_HOSTS,
        OMIT_CANARY_HOSTS
    }

    /** A response header that says how long to wait. */
    public record ResetHeader(dev.attache.proxy.http.HeaderName name, boolean unixTimestamp) {}

    public RetryPolicy {
        on = Set.copyOf(on);
        retriableStatusCodes = Set.copyOf(retriableStatusCodes);
        retriableHeaders = List.copyOf(retriableHeaders);
        retriableRequestHeaders = List.copyOf(retriableRequestHeaders);
        rateLimitedResetHeaders = List.copyOf(rateLimitedResetHeaders);
        hostPredicates = Set.copyOf(hostPredicates);
    }

    /** Parses a comma-separated {@code retry_on}; adds nothing for unknown tokens. */
    public static Set<RetryOn> parseOn(String tokens) {
        Set<RetryOn> on = java.util.EnumSet.noneOf(RetryOn.class);
        for (String token : tokens.split(",", -1)) {
            for (RetryOn candidate : RetryOn.values()) {
                if (candidate.token.equals(token.strip())) {
                    on.add(candidate);
                }
            }
        }
        return on;
    }

    /** No retries unless request headers ask for them. */
    public static final RetryPolicy NONE =
            new RetryPolicy(
                    Set.of(), 1, 0, 0, Set.of(), List.of(), List.of(), 25, 250, List.of(), 300_000,
                    Set.of(), 1, 0, false);
}
