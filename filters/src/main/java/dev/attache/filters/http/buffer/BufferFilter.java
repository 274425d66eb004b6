package dev.attache.filters.http.buffer;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import io.netty.buffer.ByteBuf;

/** One request: waits for all of it, and says how long it is where the client did not. */
final class BufferFilter implements HttpFilter {
    private final BufferSettings ofFilter;
    private boolean gathering;

    BufferFilter(BufferSettings ofFilter) {
        this.ofFilter = ofFilter;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (end) {
            return Step.CONTINUE;
        }
        BufferSettings ofRoute = context.override(BufferSettings.class);
        BufferSettings settings = ofRoute != null ? ofRoute : ofFilter;
        if (settings.disabled()) {
            return Step.CONTINUE;
        }
        gathering = true;
        context.bufferLimit(settings.maxRequestBytes());
        return Step.BUFFER;
    }

    /** The whole body, in one piece. */
    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        if (gathering) {
            context.requestHeaders()
                    .setIfAbsent(HeaderName.CONTENT_LENGTH, Integer.toString(data.readableBytes()));
        }
        return Step.CONTINUE;
    }
}
