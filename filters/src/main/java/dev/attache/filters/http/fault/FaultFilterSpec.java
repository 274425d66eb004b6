package dev.attache.filters.http.fault;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter with nothing to do: every stream passes through one shared object. */
record FaultFilterSpec() implements HttpFilterSpec {

    private static final HttpFilter PASS = new HttpFilter() {};

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> PASS;
    }
}
