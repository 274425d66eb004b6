/**
 * A cluster as configured: {@link dev.attache.proxy.upstream.spec.ClusterSpec} and its parts, all
 * immutable, with Envoy's defaults applied. Source: {@code envoy.config.cluster.v3.Cluster}.
 */
@NullMarked
package dev.attache.proxy.upstream.spec;

import org.jspecify.annotations.NullMarked;
