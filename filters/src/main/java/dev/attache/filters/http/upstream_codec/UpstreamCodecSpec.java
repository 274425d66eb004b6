package dev.attache.filters.http.upstream_codec;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** Says where a chain of upstream filters ends; what stands there belongs to each attempt. */
record UpstreamCodecSpec() implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        throw new IllegalStateException("the codec of a chain is the attempt's own");
    }

    @Override
    public boolean terminal() {
        return true;
    }
}
