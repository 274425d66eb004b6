package dev.attache.config.call;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.route.HostPredicates;
import dev.attache.config.route.RetryPriorities;
import dev.attache.proxy.route.RetryPolicy;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.RetryPolicy}, of calls that are nobody's request. */
public final class CallRetries {
    private static final long BASE_MILLIS = 1000;

    private CallRetries() {}

    /**
     * The policy. An attempt may last as long as the longest pause, as in Envoy.
     *
     * @param on what is tried again, whatever the policy says; empty: what it says
     */
    public static RetryPolicy compile(
            io.envoyproxy.envoy.config.core.v3.RetryPolicy policy,
            String on,
            CompileContext context) {
        BackoffStrategy backOff = policy.getRetryBackOff();
        CompileContext at = context.at("retry_back_off");
        long base =
                Durations.millis(
                        backOff.hasBaseInterval(),
                        backOff.getBaseInterval(),
                        BASE_MILLIS,
                        at.at("base_interval"));
        long max =
                Durations.millis(
                        backOff.hasMaxInterval(),
                        backOff.getMaxInterval(),
                        base * 10,
                        at.at("max_interval"));
        if (max < base) {
            at.at("max_interval")
                    .error("max_interval must be greater than or equal to the base_interval");
        }
        return new RetryPolicy(
                RetryPolicy.parseOn(on.isEmpty() ? policy.getRetryOn() : on),
                policy.hasNumRetries() ? policy.getNumRetries().getValue() : 1,
                max,
                0,
                Set.of(),
                List.of(),
                List.of(),
                Math.max(1, base),
                Math.max(1, max),
                List.of(),
                RetryPolicy.NONE.rateLimitedMaxIntervalMillis(),
                predicates(policy, context),
                (int) Math.max(1, policy.getHostSelectionRetryMaxAttempts()),
                RetryPriorities.updateFrequency(
                        policy.hasRetryPriority(),
                        policy.getRetryPriority().getName(),
                        policy.getRetryPriority().getTypedConfig(),
                        context),
                false);
    }

    /** The policy, or null where none is set. */
    static @Nullable RetryPolicy compile(
            boolean present,
            io.envoyproxy.envoy.config.core.v3.RetryPolicy policy,
            CompileContext context) {
        return present ? compile(policy, "", context.at("retry_policy")) : null;
    }

    private static Set<RetryPolicy.HostPredicate> predicates(
            io.envoyproxy.envoy.config.core.v3.RetryPolicy policy, CompileContext context) {
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
