package dev.attache.filters.http.set_metadata;

import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stats.Cell;

/** The filter with its own settings; routes may add to them. */
record SetMetadataSpec(SetMetadataSettings settings) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Cell denied =
                scope.stats().counter("set_metadata.overwrite_denied").cell(scope.worker().index());
        return () -> new SetMetadataFilter(settings, denied);
    }
}
