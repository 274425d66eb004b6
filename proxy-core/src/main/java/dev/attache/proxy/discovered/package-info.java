/**
 * Filters whose configurations come by themselves ({@code config_discovery}), of every kind: what
 * is known of one ({@link dev.attache.proxy.discovered.DiscoveredFilter}), what a place in a chain
 * wants of it ({@link dev.attache.proxy.discovered.DiscoveredSpec}), and what of that is open on a
 * worker ({@link dev.attache.proxy.discovered.OpenDiscovered}).
 */
@NullMarked
package dev.attache.proxy.discovered;

import org.jspecify.annotations.NullMarked;
