/**
 * {@code envoy.resource_monitors.injected_resource}: a pressure that a file says; for tests of
 * overload.
 *
 * <p>Type URL {@code
 * envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig}.
 */
@NullMarked
package dev.attache.filters.resource_monitors.injected_resource;

import org.jspecify.annotations.NullMarked;
