package dev.attache.proxy.upstream.host;

/** {@code envoy.config.core.v3.HealthStatus}: what the control plane says of an endpoint. */
public enum HealthStatus {
    UNKNOWN,
    HEALTHY,
    UNHEALTHY,
    DRAINING,
    TIMEOUT,
    DEGRADED;

    /** Not to be used for new requests. */
    public boolean failed() {
        return this == UNHEALTHY || this == TIMEOUT;
    }
}
