/**
 * Sets filter state of connections, {@code
 * envoy.extensions.filters.network.set_filter_state.v3.Config} (Envoy's page: "Set-Filter-State
 * Network Filter"). Status: complete.
 */
@NullMarked
package dev.attache.filters.network.set_filter_state;

import org.jspecify.annotations.NullMarked;
