/**
 * {@code envoy.stat_sinks.statsd}: lines of statsd over UDP. Over TCP to a cluster ({@code
 * tcp_cluster_name}) is refused.
 *
 * <p>Type URL {@code envoy.config.metrics.v3.StatsdSink}. Facts: {@code
 * source/extensions/stat_sinks/common/statsd/statsd.cc}.
 */
@NullMarked
package dev.attache.filters.stat_sinks.statsd;

import org.jspecify.annotations.NullMarked;
