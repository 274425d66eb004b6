/**
 * {@code envoy.resource_monitors.cpu_utilization}: how busy the processors of the host or of the
 * container are.
 *
 * <p>Type URL {@code envoy.extensions.resource_monitors.cpu_utilization.v3.CpuUtilizationConfig}.
 */
@NullMarked
package dev.attache.filters.resource_monitors.cpu_utilization;

import org.jspecify.annotations.NullMarked;
