package dev.attache.filters.http.upstream_codec;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** Says where a chain of upstream filters ends; what stands there belongs to each attempt. */
record UpstreamCodecSpec() implements HttpFilterSpec {

    /** Where it is discovered it stands in the chain, and lets everything through. */
    private static final HttpFilter PASSING = new HttpFilter() {};

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> PASSING;
    }

    @Override
    public boolean terminal() {
        return true;
    }
}
