/**
 * {@code envoy.load_balancing_policies.cluster_provided}, type URL {@code
 * envoy.extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided}.
 */
@NullMarked
package dev.attache.filters.load_balancing.cluster_provided;

import org.jspecify.annotations.NullMarked;
