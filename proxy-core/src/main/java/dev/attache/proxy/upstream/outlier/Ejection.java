package dev.attache.proxy.upstream.outlier;

import dev.attache.proxy.upstream.spec.OutlierSpec;

/** Why a host is an outlier; the text stands in stat names. */
enum Ejection {
    CONSECUTIVE_5XX,
    CONSECUTIVE_GATEWAY_FAILURE,
    CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
    SUCCESS_RATE,
    LOCAL_ORIGIN_SUCCESS_RATE,
    FAILURE_PERCENTAGE,
    LOCAL_ORIGIN_FAILURE_PERCENTAGE;

    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    String text() {
        return text;
    }

    /** In percent, how often such a finding ejects. */
    int enforcing(OutlierSpec spec) {
        return switch (this) {
            case CONSECUTIVE_5XX -> spec.enforcingConsecutive5xx();
            case CONSECUTIVE_GATEWAY_FAILURE -> spec.enforcingConsecutiveGatewayFailure();
            case CONSECUTIVE_LOCAL_ORIGIN_FAILURE -> spec.enforcingConsecutiveLocalOriginFailure();
            case SUCCESS_RATE -> spec.successRate().enforcing();
            case LOCAL_ORIGIN_SUCCESS_RATE -> spec.successRate().enforcingLocalOrigin();
            case FAILURE_PERCENTAGE -> spec.failurePercentage().enforcing();
            case LOCAL_ORIGIN_FAILURE_PERCENTAGE -> spec.failurePercentage().enforcingLocalOrigin();
        };
    }
}
