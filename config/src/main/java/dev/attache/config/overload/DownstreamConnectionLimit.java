package dev.attache.config.overload;

/**
 * {@code downstream_connections} resource monitor: accepted connections of the whole process. It is
 * asked when a connection comes, not at intervals.
 */
public record DownstreamConnectionLimit(long max) {

    /** The name that Envoy asks it to have. */
    public static final String NAME = "envoy.resource_monitors.global_downstream_max_connections";
}
