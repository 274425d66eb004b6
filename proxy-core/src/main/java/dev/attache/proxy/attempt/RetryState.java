package dev.attache.proxy.attempt;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.RetryPolicy.RetryOn;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.CircuitBreaker;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when one request is tried again ({@code RetryStateImpl}). Owned by its router;
 * loop-confined.
 *
 * <p>A little longer than files here should be: conditions, budget and back-off make one decision.
 */
public final class RetryState {

    /** Outcome of the question. */
    public enum Decision {
        YES,
        NO,
        NO_OVERFLOW,
        NO_LIMIT_EXCEEDED
    }

    private final WorkerContext worker;
    private Cluster cluster;
    private final RequestGroups groups;
    private final CircuitBreaker.Resource budget;
    private final RetryPolicy policy;
    private final Set<RetryOn> on;
    private final Set<Integer> statusCodes;
    private final List<HeaderMatcher> retriableHeaders;
    private final boolean grpcOnly;
    private int remaining;
    private boolean holdsBudget;
    private @Nullable Supplier<@Nullable Cluster> refresh;
    private boolean lost;
    private long nextBackOff;

    private RetryState(
            WorkerContext worker,
            Cluster cluster,
            RequestGroups groups,
            Priority priority,
            RetryPolicy policy,
            Set<RetryOn> on,
            Set<Integer> statusCodes,
            List<HeaderMatcher> retriableHeaders,
            int retries) {
        this.worker = worker;
        this.cluster = cluster;
        this.groups = groups;
        this.budget = cluster.breaker(priority).retries();
        this.policy = policy;
        this.on = on;
        this.statusCodes = statusCodes;
        this.retriableHeaders = retriableHeaders;
        this.remaining = retries;
        this.grpcOnly = on.stream().allMatch(RetryOn::isGrpc);
        this.nextBackOff = policy.backOffBaseMillis();
    }

    /** From route policy and request headers, which are consumed; null: no retries. */
    public static @Nullable RetryState of(
            WorkerContext worker,
            Cluster cluster,
            RequestGroups groups,
            Priority priority,
            @Nullable RetryPolicy onRoute,
            Headers request) {
        RetryPolicy policy = onRoute != null ? onRoute : RetryPolicy.NONE;
        Set<RetryOn> on = EnumSet.noneOf(RetryOn.class);
        on.addAll(policy.on());
        String asked = request.get(HeaderName.X_ENVOY_RETRY_ON);
        if (asked != null) {
            on.addAll(RetryPolicy.parseOn(asked).stream().filter(o -> !o.isGrpc()).toList());
        }
        String askedGrpc = request.get(HeaderName.X_ENVOY_RETRY_GRPC_ON);
        if (askedGrpc != null) {
            on.addAll(RetryPolicy.parseOn(askedGrpc).stream().filter(RetryOn::isGrpc).toList());
        }
        Set<Integer> codes = statusCodes(policy, request);
        List<HeaderMatcher> headers = retriableHeaders(policy, request);
        long max = request.getLong(HeaderName.X_ENVOY_MAX_RETRIES);
        consume(request);
        boolean wanted =
                policy.retriableRequestHeaders().isEmpty()
                        || policy.retriableRequestHeaders().stream()
                                .anyMatch(m -> m.matches(request));
        if (on.isEmpty() || !wanted) {
            return null;
        }
        int retries = max >= 0 ? (int) Math.min(max, Integer.MAX_VALUE) : policy.numRetries();
        return new RetryState(
                worker, cluster, groups, priority, policy, on, codes, headers, retries);
    }

    private static Set<Integer> statusCodes(RetryPolicy policy, Headers request) {
        String asked = request.get(HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES);
        if (asked == null) {
            return policy.retriableStatusCodes();
        }
        Set<Integer> codes = new HashSet<>(policy.retriableStatusCodes());
        for (String code : asked.split(",", -1)) {
            if (code.strip().matches("[0-9]{1,4}")) {
                codes.add(Integer.valueOf(code.strip()));
            }
        }
        return codes;
    }

    private static List<HeaderMatcher> retriableHeaders(RetryPolicy policy, Headers request) {
        String asked = request.get(HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES);
        if (asked == null) {
            return policy.retriableHeaders();
        }
        List<HeaderMatcher> matchers = new ArrayList<>(policy.retriableHeaders());
        for (String name : asked.split(",", -1)) {
            if (!name.isBlank()) {
                matchers.add(
                        new HeaderMatcher(
                                HeaderName.of(name.strip()),
                                new HeaderMatcher.Test.Present(true),
                                false,
                                false));
            }
        }
        return matchers;
    }

    private static void consume(Headers request) {
        request.remove(HeaderName.X_ENVOY_RETRY_ON);
        request.remove(HeaderName.X_ENVOY_RETRY_GRPC_ON);
        request.remove(HeaderName.X_ENVOY_MAX_RETRIES);
        request.remove(HeaderName.X_ENVOY_HEDGE_ON_PER_TRY_TIMEOUT);
        request.remove(HeaderName.X_ENVOY_RETRIABLE_HEADER_NAMES);
        request.remove(HeaderName.X_ENVOY_RETRIABLE_STATUS_CODES);
    }

    /** From now on each try is for the cluster that this picks; null = there is none. */
    public void refresh(Supplier<@Nullable Cluster> clusters) {
        refresh = clusters;
    }

    public RetryPolicy policy() {
        return policy;
    }

    /** Says under which conditions and how often the request would be tried again. */
    public void explain(Explanation into) {
        into.say("on", on.stream().map(RetryOn::token).sorted().toList())
                .say("retries", remaining)
                .say("status_codes", statusCodes.stream().sorted().map(String::valueOf).toList())
                .say("per_try_timeout_ms", policy.perTryTimeoutMillis())
                .say("back_off_base_ms", policy.backOffBaseMillis())
                .say("back_off_max_ms", policy.backOffMaxMillis())
                .say("host_predicates", policy.hostPredicates().stream().map(Enum::name).toList());
    }

    /** Asked once per response head. */
    public Decision onResponse(Headers response) {
        return decide(wouldRetry(response));
    }

    /**
     * Asked when an attempt was reset.
     *
     * @param requestSent the upstream may have seen the request
     */
    public Decision onReset(ResetReason why, boolean requestSent) {
        return decide(wouldRetry(why, requestSent));
    }

    /** Says in the log why there is no further try, where that has a flag. */
    public static void explain(Decision decision, StreamInfo info) {
        if (decision == Decision.NO_OVERFLOW) {
            info.flag(ResponseFlag.UO);
        } else if (decision == Decision.NO_LIMIT_EXCEEDED) {
            info.flag(ResponseFlag.URX);
        }
    }

    /** The response will not be retried: what this try held of the budget is given back. */
    public void settled() {
        if (holdsBudget) {
            holdsBudget = false;
            budget.dec();
        }
    }

    private void count(ClusterCounter counter) {
        cluster.stats().inc(counter);
        groups.inc(counter);
    }

    private Decision decide(boolean wanted) {
        boolean wasRetry = holdsBudget;
        settled();
        if (!wanted) {
            if (wasRetry) {
                count(ClusterCounter.UPSTREAM_RQ_RETRY_SUCCESS);
            }
            return Decision.NO;
        }
        if (remaining == 0) {
            count(ClusterCounter.UPSTREAM_RQ_RETRY_LIMIT_EXCEEDED);
            return Decision.NO_LIMIT_EXCEEDED;
        }
        remaining--;
        if (!budget.canCreate()) {
            count(ClusterCounter.UPSTREAM_RQ_RETRY_OVERFLOW);
            return Decision.NO_OVERFLOW;
        }
        holdsBudget = true;
        budget.inc();
        move();
        if (!lost) {
            count(ClusterCounter.UPSTREAM_RQ_RETRY);
        }
        return Decision.YES;
    }

    /** As in Envoy, a try counts for the cluster that it is for, and within the first's budget. */
    private void move() {
        Supplier<@Nullable Cluster> clusters = refresh;
        if (clusters != null) {
            Cluster next = clusters.get();
            lost = next == null;
            cluster = next == null ? cluster : next;
        }
    }

    private boolean wouldRetry(Headers response) {
        int status = (int) response.getLong(HeaderName.STATUS);
        if (response.contains(HeaderName.X_ENVOY_RATELIMITED)) {
            return on.contains(RetryOn.ENVOY_RATELIMITED);
        }
        if (on.contains(RetryOn.SERVER_ERROR) && status >= 500 && status < 600) {
            return true;
        }
        if (on.contains(RetryOn.GATEWAY_ERROR) && status >= 502 && status <= 504) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_4XX) && status == 409) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_STATUS_CODES) && statusCodes.contains(status)) {
            return true;
        }
        if (on.contains(RetryOn.RETRIABLE_HEADERS)) {
            for (HeaderMatcher matcher : retriableHeaders) {
                if (matcher.matches(response)) {
                    return true;
                }
            }
        }
        return wouldRetryGrpc((int) response.getLong(HeaderName.GRPC_STATUS));
    }

    private boolean wouldRetryGrpc(int grpcStatus) {
        return switch (grpcStatus) {
            case 1 -> on.contains(RetryOn.GRPC_CANCELLED);
            case 4 -> on.contains(RetryOn.GRPC_DEADLINE_EXCEEDED);
            case 8 -> on.contains(RetryOn.GRPC_RESOURCE_EXHAUSTED);
            case 13 -> on.contains(RetryOn.GRPC_INTERNAL);
            case 14 -> on.contains(RetryOn.GRPC_UNAVAILABLE);
            default -> false;
        };
    }

    private boolean wouldRetry(ResetReason why, boolean requestSent) {
        if (why == ResetReason.OVERFLOW || grpcOnly) {
            return false;
        }
        boolean connectFailure =
                why == ResetReason.LOCAL_CONNECTION_FAILURE
                        || why == ResetReason.REMOTE_CONNECTION_FAILURE
                        || why == ResetReason.CONNECTION_TIMEOUT;
        if (on.contains(RetryOn.RESET)
                || on.contains(RetryOn.SERVER_ERROR)
                || on.contains(RetryOn.GATEWAY_ERROR)) {
            return true;
        }
        if (on.contains(RetryOn.RESET_BEFORE_REQUEST) && !requestSent) {
            return true;
        }
        if (on.contains(RetryOn.CONNECT_FAILURE) && connectFailure) {
            return true;
        }
        return on.contains(RetryOn.REFUSED_STREAM)
                && why == ResetReason.REMOTE_REFUSED_STREAM_RESET;
    }

    /** Milliseconds to wait before the next try: the response's own word, or fully jittered. */
    public long backOff(@Nullable Headers response) {
        if (lost) {
            return 0;
        }
        if (response != null) {
            long asked = RateLimitReset.millis(policy, response);
            if (asked > 0) {
                cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_RETRY_BACKOFF_RATELIMITED);
                return asked + Long.remainderUnsigned(worker.random(), Math.max(1, asked / 2));
            }
        }
        cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_RETRY_BACKOFF_EXPONENTIAL);
        long current = nextBackOff;
        nextBackOff = Math.min(nextBackOff * 2, policy.backOffMaxMillis());
        return current == 0 ? 0 : Long.remainderUnsigned(worker.random(), current);
    }
}
