package dev.attache.filters.delegation;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Filters that stand for one: requests pass them in order, responses in reverse. As in Envoy, where
 * one holds a part of a message, those behind it do not see that part; when it goes on, the stream
 * goes on behind all of them. Loop-confined.
 */
final class FilterRow implements HttpFilter {
    private final List<HttpFilter> filters;

    FilterRow(List<HttpFilter> filters) {
        this.filters = List.copyOf(filters);
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        Step step = Step.CONTINUE;
        for (int i = 0; i < filters.size() && step == Step.CONTINUE; i++) {
            step = filters.get(i).onRequestHeaders(headers, end, context);
        }
        return step;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        Step step = Step.CONTINUE;
        for (int i = 0; i < filters.size() && step == Step.CONTINUE; i++) {
            step = filters.get(i).onRequestData(data, end, context);
        }
        return step;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        Step step = Step.CONTINUE;
        for (int i = 0; i < filters.size() && step == Step.CONTINUE; i++) {
            step = filters.get(i).onRequestTrailers(trailers, context);
        }
        return step;
    }

    @Override
    public void onResponseInformational(Headers headers, FilterContext context) {
        for (int i = filters.size() - 1; i >= 0; i--) {
            filters.get(i).onResponseInformational(headers, context);
        }
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        Step step = Step.CONTINUE;
        for (int i = filters.size() - 1; i >= 0 && step == Step.CONTINUE; i--) {
            step = filters.get(i).onResponseHeaders(headers, end, context);
        }
        return step;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        Step step = Step.CONTINUE;
        for (int i = filters.size() - 1; i >= 0 && step == Step.CONTINUE; i--) {
            step = filters.get(i).onResponseData(data, end, context);
        }
        return step;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        Step step = Step.CONTINUE;
        for (int i = filters.size() - 1; i >= 0 && step == Step.CONTINUE; i--) {
            step = filters.get(i).onResponseTrailers(trailers, context);
        }
        return step;
    }

    @Override
    public void onLocalReply(LocalReply reply, FilterContext context) {
        for (int i = filters.size() - 1; i >= 0; i--) {
            filters.get(i).onLocalReply(reply, context);
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        for (int i = 0; i < filters.size(); i++) {
            filters.get(i).onStreamEnd(why, context);
        }
    }

    @Override
    public boolean logs() {
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).logs()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onLog(FormatContext entry) {
        for (int i = 0; i < filters.size(); i++) {
            filters.get(i).onLog(entry);
        }
    }
}
