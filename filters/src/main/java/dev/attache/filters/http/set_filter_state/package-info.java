/**
 * Sets filter state of requests, {@code envoy.extensions.filters.http.set_filter_state.v3.Config},
 * the same message for routes (Envoy's page: "Set-Filter-State Filter"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.set_filter_state;

import org.jspecify.annotations.NullMarked;
