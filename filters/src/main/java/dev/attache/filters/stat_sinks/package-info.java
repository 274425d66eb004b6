/**
 * What stats sinks have in common: lines of statsd over UDP, growth that could not be told. Each
 * sink is a room of its own below.
 */
@NullMarked
package dev.attache.filters.stat_sinks;

import org.jspecify.annotations.NullMarked;
