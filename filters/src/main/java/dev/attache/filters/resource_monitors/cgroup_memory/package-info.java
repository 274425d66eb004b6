/**
 * {@code envoy.resource_monitors.cgroup_memory}: memory of the control group against its limit.
 *
 * <p>Type URL {@code envoy.extensions.resource_monitors.cgroup_memory.v3.CgroupMemoryConfig}.
 */
@NullMarked
package dev.attache.filters.resource_monitors.cgroup_memory;

import org.jspecify.annotations.NullMarked;
