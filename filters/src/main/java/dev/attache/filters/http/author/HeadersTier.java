package dev.attache.filters.http.author;

import dev.attache.filter.HeaderFilter;
import dev.attache.filters.http.author.stream.AuthorContext;
import dev.attache.filters.http.author.stream.AuthorScope;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import org.jspecify.annotations.Nullable;

/** A filter of heads on one stream. */
final class HeadersTier implements HttpFilter {
    private final HeaderFilter filter;
    private final AuthorScope scope;
    private @Nullable AuthorContext stream;

    HeadersTier(HeaderFilter filter, AuthorScope scope) {
        this.filter = filter;
        this.scope = scope;
    }

    private AuthorContext stream(FilterContext context) {
        AuthorContext known = stream;
        if (known == null) {
            known = new AuthorContext(context, scope);
            stream = known;
        }
        return known;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        AuthorContext own = stream(context);
        filter.onRequest(own.wrap(headers), own);
        return own.replied() ? Step.DONE : Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        AuthorContext own = stream(context);
        boolean before = own.replied();
        filter.onResponse(own.wrap(headers), own);
        return own.replied() && !before ? Step.DONE : Step.CONTINUE;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (stream != null) {
            stream.end();
        }
    }
}
