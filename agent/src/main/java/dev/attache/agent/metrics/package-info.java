/** The agent's own metrics, printed as Prometheus text with the names of Istio's agent. */
@NullMarked
package dev.attache.agent.metrics;

import org.jspecify.annotations.NullMarked;
