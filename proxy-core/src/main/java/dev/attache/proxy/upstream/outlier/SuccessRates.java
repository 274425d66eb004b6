package dev.attache.proxy.upstream.outlier;

/**
 * What the last interval said of a cluster's hosts together; Envoy's {@code
 * Detector::successRateAverage} and {@code successRateEjectionThreshold}.
 *
 * @param average percent, over the hosts with enough requests; −1 while too few have them
 * @param threshold percent; a host below it is an outlier; −1 like the average
 */
public record SuccessRates(double average, double threshold) {

    static final SuccessRates UNKNOWN = new SuccessRates(-1, -1);
}
