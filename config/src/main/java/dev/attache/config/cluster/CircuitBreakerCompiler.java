package dev.attache.config.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.attache.api.Overlay;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.RetryBudget;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code CircuitBreakers}: the first thresholds of a priority count, as in Envoy. */
final class CircuitBreakerCompiler {
    private CircuitBreakerCompiler() {}

    static CircuitBreakerSpec compile(CircuitBreakers breakers, CompileContext context) {
        return new CircuitBreakerSpec(
                thresholds(breakers, RoutingPriority.DEFAULT, context),
                thresholds(breakers, RoutingPriority.HIGH, context),
                perHost(breakers.getPerHostThresholdsList(), context));
    }

    private static Thresholds thresholds(
            CircuitBreakers breakers, RoutingPriority priority, CompileContext context) {
        List<CircuitBreakers.Thresholds> list = breakers.getThresholdsList();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).getPriority() == priority) {
                return compile(list.get(i), context.at("thresholds", i));
            }
        }
        return Thresholds.DEFAULTS;
    }

    private static Thresholds compile(
            CircuitBreakers.Thresholds thresholds, CompileContext context) {
        Thresholds defaults = Thresholds.DEFAULTS;
        return new Thresholds(
                or(
                        thresholds.hasMaxConnections(),
                        thresholds.getMaxConnections(),
                        defaults.maxConnections()),
                or(
                        thresholds.hasMaxPendingRequests(),
                        thresholds.getMaxPendingRequests(),
                        defaults.maxPendingRequests()),
                or(
                        thresholds.hasMaxRequests(),
                        thresholds.getMaxRequests(),
                        defaults.maxRequests()),
                or(thresholds.hasMaxRetries(), thresholds.getMaxRetries(), defaults.maxRetries()),
                or(
                        thresholds.hasMaxConnectionPools(),
                        thresholds.getMaxConnectionPools(),
                        defaults.maxConnectionPools()),
                budget(thresholds, context.at("retry_budget")),
                thresholds.getTrackRemaining());
    }

    private static @Nullable RetryBudget budget(
            CircuitBreakers.Thresholds thresholds, CompileContext context) {
        if (!thresholds.hasRetryBudget()) {
            return null;
        }
        var budget = thresholds.getRetryBudget();
        Duration interval =
                Overlay.of(budget).message("budget_interval", Duration.getDefaultInstance());
        return new RetryBudget(
                budget.hasBudgetPercent() ? budget.getBudgetPercent().getValue() : 20,
                or(budget.hasMinRetryConcurrency(), budget.getMinRetryConcurrency(), 3),
                interval == null ? 0 : Durations.millis(interval, context.at("budget_interval")));
    }

    /** Only max_connections means something per host. */
    private static long perHost(List<CircuitBreakers.Thresholds> list, CompileContext context) {
        long max = CircuitBreakerSpec.UNLIMITED;
        for (int i = 0; i < list.size(); i++) {
            CircuitBreakers.Thresholds thresholds = list.get(i);
            boolean other =
                    thresholds.hasMaxPendingRequests()
                            || thresholds.hasMaxRequests()
                            || thresholds.hasMaxRetries()
                            || thresholds.hasMaxConnectionPools()
                            || thresholds.hasRetryBudget()
                            || thresholds.getTrackRemaining();
            if (other) {
                context.at("per_host_thresholds", i)
                        .error("Unsupported field in per_host_thresholds");
            }
            boolean byDefault = thresholds.getPriority() == RoutingPriority.DEFAULT;
            if (byDefault
                    && thresholds.hasMaxConnections()
                    && max == CircuitBreakerSpec.UNLIMITED) {
                max = Integer.toUnsignedLong(thresholds.getMaxConnections().getValue());
            }
        }
        return max;
    }

    private static long or(boolean present, UInt32Value value, long otherwise) {
        return present ? Integer.toUnsignedLong(value.getValue()) : otherwise;
    }
}
