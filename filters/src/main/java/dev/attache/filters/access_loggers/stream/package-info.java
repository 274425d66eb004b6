/**
 * {@code envoy.access_loggers.stdout} and {@code envoy.access_loggers.stderr}.
 *
 * <p>Type URLs {@code envoy.extensions.access_loggers.stream.v3.StdoutAccessLog} and {@code
 * StderrAccessLog}.
 */
@NullMarked
package dev.attache.filters.access_loggers.stream;

import org.jspecify.annotations.NullMarked;
