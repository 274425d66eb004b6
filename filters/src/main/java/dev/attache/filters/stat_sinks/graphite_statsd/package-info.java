/**
 * {@code envoy.stat_sinks.graphite_statsd}: lines of statsd with tags as Graphite has them, over
 * UDP. Complete.
 *
 * <p>Type URL {@code envoy.extensions.stat_sinks.graphite_statsd.v3.GraphiteStatsdSink}.
 */
@NullMarked
package dev.attache.filters.stat_sinks.graphite_statsd;

import org.jspecify.annotations.NullMarked;
