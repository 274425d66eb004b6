package dev.attache.filters.http.set_filter_state;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter with its own settings; routes may add to them. */
record SetFilterStateSpec(SetFilterStateSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return () -> new SetFilterStateFilter(settings);
    }
}
