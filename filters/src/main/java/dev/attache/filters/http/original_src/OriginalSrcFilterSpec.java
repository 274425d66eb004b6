package dev.attache.filters.http.original_src;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.transport.UpstreamSource;

/**
 * The filter as configured. Immutable.
 *
 * @param mark of what goes upstream; 0 = none
 */
record OriginalSrcFilterSpec(int mark) implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        HttpFilter filter = new Filter(mark);
        return () -> filter;
    }

    /** Without state of its own. */
    private record Filter(int mark) implements HttpFilter {
        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            if (context.info().downstreamRemoteAddress() instanceof IpAddress client) {
                context.info()
                        .filterState()
                        .set(UpstreamSource.KEY, new UpstreamSource(client, mark));
            }
            return Step.CONTINUE;
        }
    }
}
