package dev.attache.filters.http.dynamic_forward_proxy;

import dev.attache.proxy.http.HeaderName;
import org.jspecify.annotations.Nullable;

/**
 * Whom requests of a route are to, whatever they say.
 *
 * @param literal empty = nobody in particular
 * @param header whose first value names the host, or null
 */
record HostRewrite(String literal, @Nullable HeaderName header) {}
