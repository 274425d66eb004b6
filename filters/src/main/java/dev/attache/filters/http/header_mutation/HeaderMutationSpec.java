package dev.attache.filters.http.header_mutation;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/**
 * The filter with its own mutations, which come before those of routes.
 *
 * @param mostSpecificWins of a route's levels the most specific comes last, not first
 */
record HeaderMutationSpec(Mutations mutations, boolean mostSpecificWins) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new HeaderMutationFilter(this);
    }
}
