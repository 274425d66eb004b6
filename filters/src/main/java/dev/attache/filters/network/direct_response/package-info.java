/**
 * {@code envoy.filters.network.direct_response}: a fixed answer to every connection, then the end.
 *
 * <p>Type URL {@code envoy.extensions.filters.network.direct_response.v3.Config}. Complete.
 */
@NullMarked
package dev.attache.filters.network.direct_response;

import org.jspecify.annotations.NullMarked;
