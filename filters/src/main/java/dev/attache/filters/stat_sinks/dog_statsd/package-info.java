/**
 * {@code envoy.stat_sinks.dog_statsd}: lines of statsd with tags as DogStatsD has them, over UDP.
 * Complete.
 *
 * <p>Type URL {@code envoy.config.metrics.v3.DogStatsdSink}.
 */
@NullMarked
package dev.attache.filters.stat_sinks.dog_statsd;

import org.jspecify.annotations.NullMarked;
