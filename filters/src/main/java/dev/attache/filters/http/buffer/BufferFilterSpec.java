package dev.attache.filters.http.buffer;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter with its own settings; routes may bring others. */
record BufferFilterSpec(BufferSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new BufferFilter(settings);
    }
}
