/** Compiles {@code envoy.config.cluster.v3.Cluster}. */
@NullMarked
package dev.attache.config.cluster;

import org.jspecify.annotations.NullMarked;
