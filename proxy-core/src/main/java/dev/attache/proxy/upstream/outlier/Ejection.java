package dev.attache.proxy.upstream.outlier;

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
}
