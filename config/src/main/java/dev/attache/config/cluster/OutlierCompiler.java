package dev.attache.config.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.attache.api.Overlay;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import dev.attache.proxy.upstream.spec.OutlierSpec.FailurePercentage;
import dev.attache.proxy.upstream.spec.OutlierSpec.SuccessRate;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import org.jspecify.annotations.Nullable;

/** {@code OutlierDetection}: present but empty means detection with Envoy's defaults. */
final class OutlierCompiler {
    private OutlierCompiler() {}

    static @Nullable OutlierSpec compile(Cluster cluster, CompileContext context) {
        if (!cluster.hasOutlierDetection()) {
            return null;
        }
        OutlierDetection d = cluster.getOutlierDetection();
        OutlierSpec defaults = OutlierSpec.DEFAULTS;
        long base =
                millis(
                        d.hasBaseEjectionTime(),
                        d.getBaseEjectionTime(),
                        defaults.baseEjectionMillis(),
                        context.at("base_ejection_time"));
        long max =
                millis(
                        d.hasMaxEjectionTime(),
                        d.getMaxEjectionTime(),
                        Math.max(base, defaults.maxEjectionMillis()),
                        context.at("max_ejection_time"));
        if (max < base) {
            context.error(
                    "outlier detector's max_ejection_time cannot be smaller than"
                            + " base_ejection_time");
        }
        return new OutlierSpec(
                millis(
                        d.hasInterval(),
                        d.getInterval(),
                        defaults.intervalMillis(),
                        context.at("interval")),
                base,
                max,
                millis(
                        d.hasMaxEjectionTimeJitter(),
                        d.getMaxEjectionTimeJitter(),
                        0,
                        context.at("max_ejection_time_jitter")),
                or(
                        d.hasMaxEjectionPercent(),
                        d.getMaxEjectionPercent(),
                        defaults.maxEjectionPercent()),
                d.getAlwaysEjectOneHost().getValue(),
                or(d.hasConsecutive5Xx(), d.getConsecutive5Xx(), defaults.consecutive5xx()),
                or(
                        d.hasEnforcingConsecutive5Xx(),
                        d.getEnforcingConsecutive5Xx(),
                        defaults.enforcingConsecutive5xx()),
                or(
                        d.hasConsecutiveGatewayFailure(),
                        d.getConsecutiveGatewayFailure(),
                        defaults.consecutiveGatewayFailure()),
                or(
                        d.hasEnforcingConsecutiveGatewayFailure(),
                        d.getEnforcingConsecutiveGatewayFailure(),
                        defaults.enforcingConsecutiveGatewayFailure()),
                d.getSplitExternalLocalOriginErrors(),
                or(
                        d.hasConsecutiveLocalOriginFailure(),
                        d.getConsecutiveLocalOriginFailure(),
                        defaults.consecutiveLocalOriginFailure()),
                or(
                        d.hasEnforcingConsecutiveLocalOriginFailure(),
                        d.getEnforcingConsecutiveLocalOriginFailure(),
                        defaults.enforcingConsecutiveLocalOriginFailure()),
                successRate(d, defaults.successRate()),
                failurePercentage(d, defaults.failurePercentage()),
                !d.hasSuccessfulActiveHealthCheckUnejectHost()
                        || d.getSuccessfulActiveHealthCheckUnejectHost().getValue(),
                Overlay.of(d).flag("detect_degraded_hosts"));
    }

    private static SuccessRate successRate(OutlierDetection d, SuccessRate defaults) {
        return new SuccessRate(
                or(d.hasEnforcingSuccessRate(), d.getEnforcingSuccessRate(), defaults.enforcing()),
                or(
                        d.hasEnforcingLocalOriginSuccessRate(),
                        d.getEnforcingLocalOriginSuccessRate(),
                        defaults.enforcingLocalOrigin()),
                or(
                        d.hasSuccessRateMinimumHosts(),
                        d.getSuccessRateMinimumHosts(),
                        defaults.minimumHosts()),
                or(
                        d.hasSuccessRateRequestVolume(),
                        d.getSuccessRateRequestVolume(),
                        defaults.requestVolume()),
                or(
                        d.hasSuccessRateStdevFactor(),
                        d.getSuccessRateStdevFactor(),
                        defaults.stdevFactor()));
    }

    private static FailurePercentage failurePercentage(
            OutlierDetection d, FailurePercentage defaults) {
        return new FailurePercentage(
                or(
                        d.hasFailurePercentageThreshold(),
                        d.getFailurePercentageThreshold(),
                        defaults.threshold()),
                or(
                        d.hasEnforcingFailurePercentage(),
                        d.getEnforcingFailurePercentage(),
                        defaults.enforcing()),
                or(
                        d.hasEnforcingFailurePercentageLocalOrigin(),
                        d.getEnforcingFailurePercentageLocalOrigin(),
                        defaults.enforcingLocalOrigin()),
                or(
                        d.hasFailurePercentageMinimumHosts(),
                        d.getFailurePercentageMinimumHosts(),
                        defaults.minimumHosts()),
                or(
                        d.hasFailurePercentageRequestVolume(),
                        d.getFailurePercentageRequestVolume(),
                        defaults.requestVolume()));
    }

    private static long millis(
            boolean present, Duration value, long otherwise, CompileContext context) {
        return present ? Durations.millis(value, context) : otherwise;
    }

    /** Counts beyond the signed range are never reached. */
    private static int or(boolean present, UInt32Value value, int otherwise) {
        if (!present) {
            return otherwise;
        }
        return value.getValue() < 0 ? Integer.MAX_VALUE : value.getValue();
    }
}
