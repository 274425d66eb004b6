package dev.attache.proxy.upstream.host;

/** {@code envoy.config.core.v3.Locality}; empty strings where unset. Immutable. */
public record Locality(String region, String zone, String subZone) {

    public static final Locality NONE = new Locality("", "", "");

    public boolean isEmpty() {
        return region.isEmpty() && zone.isEmpty() && subZone.isEmpty();
    }
}
