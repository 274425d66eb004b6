/**
 * Load balancing: what a policy is ({@link dev.attache.proxy.upstream.lb.LoadBalancerSpec}, {@link
 * dev.attache.proxy.upstream.lb.LoadBalancer}), what it may look at ({@link
 * dev.attache.proxy.upstream.lb.PickContext}), and the policies themselves.
 *
 * <p>One balancer per cluster and worker, loop-confined: cursors and schedules are never shared.
 * Source: envoyproxy.io, "Load balancing"; {@code envoy.extensions.load_balancing_policies}.
 */
@NullMarked
package dev.attache.proxy.upstream.lb;

import org.jspecify.annotations.NullMarked;
