/**
 * Whether the application on a machine outside Kubernetes is well: {@code readinessProbe} of
 * ProxyConfig, asked by the agent in kubelet's place and told to the control plane.
 */
@NullMarked
package dev.attache.agent.health;

import org.jspecify.annotations.NullMarked;
