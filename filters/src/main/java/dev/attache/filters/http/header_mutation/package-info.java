/**
 * Changes headers, trailers and query parameters, {@code
 * envoy.extensions.filters.http.header_mutation.v3.HeaderMutation}, with {@code
 * HeaderMutationPerRoute} (Envoy's page: "Header Mutation"). Downstream and upstream filter.
 * Status: complete.
 */
@NullMarked
package dev.attache.filters.http.header_mutation;

import org.jspecify.annotations.NullMarked;
