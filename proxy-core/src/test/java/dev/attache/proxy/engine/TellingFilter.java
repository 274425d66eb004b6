package dev.attache.proxy.engine;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import java.util.Collection;

/**
 * A filter that does what another does, and tells of its life: opened, made, the end, closed.
 *
 * @param does its heads, and the bodies of responses
 * @param told what has happened, in order
 */
record TellingFilter(HttpFilter does, Collection<String> told) implements HttpFilter {

    static HttpFilterSpec spec(HttpFilter does, Collection<String> told) {
        return scope -> {
            told.add("opened");
            return new HttpFilterFactory() {
                @Override
                public HttpFilter newFilter() {
                    told.add("made");
                    return new TellingFilter(does, told);
                }

                @Override
                public void close() {
                    told.add("closed");
                }
            };
        };
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        return does.onRequestHeaders(headers, end, context);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        return does.onResponseHeaders(headers, end, context);
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return does.onResponseData(data, end, context);
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        told.add("end " + why);
    }
}
