/**
 * Stands between the proxy and the control plane: hands resources on in both directions as bytes,
 * takes out those that are the agent's own (names, roots), and puts in what the control plane
 * should hear of the workload's health. As {@code pkg/istio-agent/xds_proxy.go} of Istio.
 */
@NullMarked
package dev.attache.agent.relay;

import org.jspecify.annotations.NullMarked;
