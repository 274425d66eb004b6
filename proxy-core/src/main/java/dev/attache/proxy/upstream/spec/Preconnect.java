package dev.attache.proxy.upstream.spec;

/** {@code preconnect_policy}; ratios of streams that connections are kept ready for, 1 = off. */
public record Preconnect(double perUpstreamRatio, double predictiveRatio) {
    public static final Preconnect NONE = new Preconnect(1, 1);
}
