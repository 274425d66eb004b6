/**
 * Asks for the address that a filter before has resolved, {@code
 * envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher}.
 */
@NullMarked
package dev.attache.filters.rbac.matchers.upstream_ip_port;

import org.jspecify.annotations.NullMarked;
