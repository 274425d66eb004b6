/**
 * Counters, gauges, histograms and text readouts under Envoy's dotted names.
 *
 * <p>Each worker writes cells of its own, without atomics; readers add the cells up. A cell read by
 * another thread may be a moment old, never torn. Stats are made when they are first wanted: a
 * cluster that has seen no traffic costs none.
 */
@NullMarked
package dev.attache.proxy.stats;

import org.jspecify.annotations.NullMarked;
