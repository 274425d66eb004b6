package dev.attache.filters.http.header_mutation;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes what passes on one stream. Loop-confined. */
final class HeaderMutationFilter implements HttpFilter {
    private final HeaderMutationSpec spec;

    /** What the route had to say when it was first asked; null = not yet. */
    private @Nullable List<Mutations> ofRoute;

    /** For values of trailers; null while there is no response. */
    private @Nullable Headers response;

    HeaderMutationFilter(HeaderMutationSpec spec) {
        this.spec = spec;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        FormatContext values = FormatContext.of(context.info(), headers);
        spec.mutations().request(headers, values);
        for (Mutations level : ofRoute(context)) {
            level.request(headers, values);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        FormatContext values = FormatContext.of(context.info(), context.requestHeaders());
        HeaderEdit.apply(spec.mutations().requestTrailers(), trailers, values);
        for (Mutations level : ofRoute(context)) {
            HeaderEdit.apply(level.requestTrailers(), trailers, values);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        response = headers;
        FormatContext values = values(context, headers, null);
        HeaderEdit.apply(spec.mutations().response(), headers, values);
        for (Mutations level : ofRoute(context)) {
            HeaderEdit.apply(level.response(), headers, values);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        FormatContext values = values(context, response, trailers);
        HeaderEdit.apply(spec.mutations().responseTrailers(), trailers, values);
        for (Mutations level : ofRoute(context)) {
            HeaderEdit.apply(level.responseTrailers(), trailers, values);
        }
        return Step.CONTINUE;
    }

    private static FormatContext values(
            FilterContext context, @Nullable Headers response, @Nullable Headers trailers) {
        return new FormatContext(
                context.info(),
                context.requestHeaders(),
                response,
                trailers,
                "",
                AccessLogType.NotSet);
    }

    /** Asked once: a route that is chosen anew later does not count. */
    private List<Mutations> ofRoute(FilterContext context) {
        List<Mutations> known = ofRoute;
        if (known == null) {
            known = context.overrides(Mutations.class);
            ofRoute = known = spec.mostSpecificWins() ? known.reversed() : known;
        }
        return known;
    }

    /** On the head that is explained, so that filters and routes behind see it changed. */
    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        FormatContext values = FormatContext.of(stream.info(), stream.headers());
        spec.mutations().request(stream.headers(), values);
        List<Mutations> levels = stream.overrides(Mutations.class);
        for (Mutations level : spec.mostSpecificWins() ? levels.reversed() : levels) {
            level.request(stream.headers(), values);
        }
        into.say(ExplainedStream.WOULD, "change the heads of request and response");
    }
}
