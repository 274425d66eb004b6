package dev.attache.filters.http.json_to_metadata;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One stream: each message waits until its body is there. Loop-confined. */
final class JsonToMetadataFilter implements HttpFilter {
    private final JsonToMetadataSettings ofFilter;
    private final JsonToMetadataStats requestStats;
    private final JsonToMetadataStats responseStats;

    /** What holds for this stream, the route's or the filter's: the same until its end. */
    private @Nullable JsonToMetadataSettings settings;

    /** While a body is waited for. */
    private @Nullable BodyReading request;

    private @Nullable BodyReading response;

    JsonToMetadataFilter(
            JsonToMetadataSettings ofFilter,
            JsonToMetadataStats requestStats,
            JsonToMetadataStats responseStats) {
        this.ofFilter = ofFilter;
        this.requestStats = requestStats;
        this.responseStats = responseStats;
    }

    private JsonToMetadataSettings settings(FilterContext context) {
        JsonToMetadataSettings known = settings;
        if (known == null) {
            JsonToMetadataSettings ofRoute = context.override(JsonToMetadataSettings.class);
            known = ofRoute != null ? ofRoute : ofFilter;
            settings = known;
        }
        return known;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        BodyRules rules = settings(context).request();
        if (rules.rules().isEmpty()) {
            return Step.CONTINUE;
        }
        BodyReading reading = new BodyReading(rules, requestStats, Direction.REQUEST, context);
        if (!reading.begins(headers.get(HeaderName.CONTENT_TYPE), end)) {
            return Step.CONTINUE;
        }
        request = reading;
        return Step.BUFFER;
    }

    /** The whole body, in one piece. */
    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        if (request != null) {
            request.body(data);
            request = null;
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        if (request != null) {
            request.nothing();
            request = null;
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        BodyRules rules = settings(context).response();
        if (rules.rules().isEmpty()) {
            return Step.CONTINUE;
        }
        BodyReading reading = new BodyReading(rules, responseStats, Direction.RESPONSE, context);
        if (!reading.begins(headers.get(HeaderName.CONTENT_TYPE), end)) {
            return Step.CONTINUE;
        }
        response = reading;
        return Step.BUFFER;
    }

    /** The whole body, in one piece. */
    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        if (response != null) {
            response.body(data);
            response = null;
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        if (response != null) {
            response.nothing();
            response = null;
        }
        return Step.CONTINUE;
    }
}
