/**
 * Subset load balancing: hosts grouped by what their metadata says below {@code envoy.lb}, a policy
 * of its own for each group. The groups of a host set are made once, before workers hear of it, and
 * shared; a worker has a balancer for each group that it has picked from.
 *
 * <p>Source: envoyproxy.io, "Load balancer subsets"; {@code
 * envoy.extensions.load_balancing_policies.subset.v3}.
 */
@NullMarked
package dev.attache.proxy.upstream.lb.subset;

import org.jspecify.annotations.NullMarked;
