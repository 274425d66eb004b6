package dev.attache.proxy.upstream.host;

/**
 * {@code envoy.config.core.v3.RoutingPriority}: which circuit breakers and pools a request uses.
 * Not to be confused with the priority level of endpoints.
 */
public enum Priority {
    DEFAULT("default"),
    HIGH("high");

    private final String text;

    Priority(String text) {
        this.text = text;
    }

    /** As it stands in stat names and in {@code /clusters}. */
    public String text() {
        return text;
    }
}
