/**
 * Compiles the messages of {@code envoy.config.core.v3} and {@code envoy.type} that many resources
 * share: addresses, durations, data sources, metadata, socket options, percentages.
 */
@NullMarked
package dev.attache.config.core;

import org.jspecify.annotations.NullMarked;
