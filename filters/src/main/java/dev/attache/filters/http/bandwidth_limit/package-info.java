/**
 * Bodies no faster than so many KiB a second, {@code
 * envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit}, of the filter and of routes
 * (Envoy's page: "Bandwidth limit"). Status: complete.
 */
@NullMarked
package dev.attache.filters.http.bandwidth_limit;

import org.jspecify.annotations.NullMarked;
