/**
 * {@code istio.workload.BootstrapExtension}: the workloads of the mesh by their addresses, as the
 * control plane tells them ({@code istio.workload.Workload}; Envoy's contrib/istio, {@code
 * workload_discovery}). Status: complete.
 */
@NullMarked
package dev.attache.filters.istio.workload;

import org.jspecify.annotations.NullMarked;
