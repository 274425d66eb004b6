/**
 * The <a
 * href="https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/trace/v3/datadog.proto">Datadog
 * tracer</a>: spans in MessagePack to the agent, Datadog's and W3C's headers. Without remote
 * configuration, and without the agent's sampling rates.
 */
@NullMarked
package dev.attache.filters.tracers.datadog;

import org.jspecify.annotations.NullMarked;
