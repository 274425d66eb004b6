/**
 * Tags of stats: parts of a name that become labels. Computed when stats are reported, not when
 * they are counted. Facts: Envoy's {@code stats_config} page and its list of default tags.
 */
@NullMarked
package dev.attache.proxy.stats.tags;

import org.jspecify.annotations.NullMarked;
