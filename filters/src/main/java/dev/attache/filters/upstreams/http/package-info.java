/**
 * {@code envoy.extensions.upstreams.http.v3.HttpProtocolOptions}: how a cluster speaks HTTP. HTTP/3
 * and upstream HTTP filters are refused.
 */
@NullMarked
package dev.attache.filters.upstreams.http;

import org.jspecify.annotations.NullMarked;
