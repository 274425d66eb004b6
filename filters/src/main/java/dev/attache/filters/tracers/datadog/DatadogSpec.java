package dev.attache.filters.tracers.datadog;

/**
 * {@code envoy.config.trace.v3.DatadogConfig}. Immutable.
 *
 * @param hostname of requests to the agent
 */
record DatadogSpec(String cluster, String hostname, String service) {}
