/** Secrets for the proxy: Envoy's secret discovery service with the names of Istio's agent. */
@NullMarked
package dev.attache.agent.sds;

import org.jspecify.annotations.NullMarked;
