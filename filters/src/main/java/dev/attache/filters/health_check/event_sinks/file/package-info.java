/**
 * {@code envoy.health_check.event_sinks.file}: events of active health checks, one JSON object per
 * line.
 *
 * <p>Type URL {@code envoy.extensions.health_check.event_sinks.file.v3.HealthCheckEventFileSink}.
 */
@NullMarked
package dev.attache.filters.health_check.event_sinks.file;

import org.jspecify.annotations.NullMarked;
