/**
 * Answers who asks whether this proxy, or what is behind it, is healthy: {@code
 * envoy.extensions.filters.http.health_check.v3.HealthCheck} (Envoy's page: "Health check").
 * Status: complete.
 */
@NullMarked
package dev.attache.filters.http.health_check;

import org.jspecify.annotations.NullMarked;
