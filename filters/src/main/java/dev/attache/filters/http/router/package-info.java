/**
 * {@code envoy.filters.http.router}: the filter that forwards requests.
 *
 * <p>Type URL {@code envoy.extensions.filters.http.router.v3.Router}. Upstream HTTP filters and
 * strict header checks are refused.
 */
@NullMarked
package dev.attache.filters.http.router;

import org.jspecify.annotations.NullMarked;
