/**
 * {@code envoy.resource_monitors.fixed_heap}: memory in use against a fixed number of bytes.
 *
 * <p>Type URL {@code envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig}.
 */
@NullMarked
package dev.attache.filters.resource_monitors.fixed_heap;

import org.jspecify.annotations.NullMarked;
