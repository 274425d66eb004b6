package dev.attache.filters.http.jwt_authn;

import org.jspecify.annotations.Nullable;

/**
 * {@code PerRouteConfig}.
 *
 * @param name an entry of {@code requirement_map}; null = nothing is asked on this route
 */
record PerRouteRequirement(@Nullable String name) {}
