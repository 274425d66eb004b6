package dev.attache.config.route;

import dev.attache.api.Overlay;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.route.RetryPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code RetryPolicy}. */
final class RetryPolicyCompiler {
    private static final long DEFAULT_BASE_MILLIS = 25;
    private static final long RATE_LIMITED_MAX_MILLIS = 300_000;

    private RetryPolicyCompiler() {}

    static RetryPolicy compile(
            io.envoyproxy.envoy.config.route.v3.RetryPolicy policy, CompileContext context) {
        long base = DEFAULT_BASE_MILLIS;
        long max = base * 10;
        if (policy.hasRetryBackOff()) {
            CompileContext at = context.at("retry_back_off");
            var backOff = policy.getRetryBackOff();
            // A base of less than a millisecond counts as one.
            base = Math.max(1, Durations.millis(backOff.getBaseInterval(), at.at("base_interval")));
            max =
                    Durations.millis(
                            backOff.hasMaxInterval(),
                            backOff.getMaxInterval(),
                            base * 10,
                            at.at("max_interval"));
            if (backOff.hasMaxInterval() && max < base) {
                at.at("max_interval")
                        .error(
                                "retry_policy.max_interval must greater than or equal to the"
                                        + " base_interval");
            }
        }
        var limited = policy.getRateLimitedRetryBackOff();
        return new RetryPolicy(
                RetryPolicy.parseOn(policy.getRetryOn()),
                policy.hasNumRetries() ? policy.getNumRetries().getValue() : 1,
                Durations.millis(policy.getPerTryTimeout(), context.at("per_try_timeout")),
                Durations.millis(policy.getPerTryIdleTimeout(), context.at("per_try_idle_timeout")),
                new HashSet<>(policy.getRetriableStatusCodesList()),
                HeaderMatchers.compile(
                        policy.getRetriableHeadersList(), "retriable_headers", context),
                HeaderMatchers.compile(
                        policy.getRetriableRequestHeadersList(),
                        "retriable_request_headers",
                        context),
                base,
                max,
                resetHeaders(policy),
                Durations.millis(
                        limited.hasMaxInterval(),
                        limited.getMaxInterval(),
                        RATE_LIMITED_MAX_MILLIS,
                        context.at("rate_limited_retry_back_off").at("max_interval")),
                predicates(policy, context),
                policy.getHostSelectionRetryMaxAttempts() == 0
                        ? 1
                        : (int) policy.getHostSelectionRetryMaxAttempts(),
                RetryPriorities.updateFrequency(
                        policy.hasRetryPriority(),
                        policy.getRetryPriority().getName(),
                        policy.getRetryPriority().getTypedConfig(),
                        context),
                Overlay.of(policy).flag("refresh_cluster_on_retry"));
    }

    private static List<RetryPolicy.ResetHeader> resetHeaders(
            io.envoyproxy.envoy.config.route.v3.RetryPolicy policy) {
        List<RetryPolicy.ResetHeader> headers = new ArrayList<>();
        for (var header : policy.getRateLimitedRetryBackOff().getResetHeadersList()) {
            boolean unix =
                    header.getFormat()
                            == io.envoyproxy.envoy.config.route.v3.RetryPolicy.ResetHeaderFormat
                                    .UNIX_TIMESTAMP;
            headers.add(new RetryPolicy.ResetHeader(HeaderName.of(header.getName()), unix));
        }
        return headers;
    }

    private static Set<RetryPolicy.HostPredicate> predicates(
            io.envoyproxy.envoy.config.route.v3.RetryPolicy policy, CompileContext context) {
        Set<RetryPolicy.HostPredicate> predicates = EnumSet.noneOf(RetryPolicy.HostPredicate.class);
        for (int i = 0; i < policy.getRetryHostPredicateCount(); i++) {
            var predicate = policy.getRetryHostPredicate(i);
            HostPredicates.add(
                    predicates,
                    predicate.getName(),
                    predicate.getTypedConfig(),
                    context.at("retry_host_predicate", i));
        }
        return predicates;
    }
}
