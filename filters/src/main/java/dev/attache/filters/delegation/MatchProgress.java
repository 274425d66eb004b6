package dev.attache.filters.delegation;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.MatchResult;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * How far a matcher tree is decided on one stream: it is asked again with each part of the messages
 * that comes, until it is. Loop-confined.
 */
public final class MatchProgress implements HttpMatchData {
    private final FilterMatcher matcher;
    private final StreamInfo info;
    private @Nullable Headers requestHeaders;
    private @Nullable Headers requestTrailers;
    private @Nullable Headers responseHeaders;
    private @Nullable Headers responseTrailers;
    private boolean decided;

    public MatchProgress(FilterMatcher matcher, StreamInfo info) {
        this.matcher = matcher;
        this.info = info;
    }

    @Override
    public StreamInfo info() {
        return info;
    }

    @Override
    public @Nullable Headers requestHeaders() {
        return requestHeaders;
    }

    @Override
    public @Nullable Headers requestTrailers() {
        return requestTrailers;
    }

    @Override
    public @Nullable Headers responseHeaders() {
        return responseHeaders;
    }

    @Override
    public @Nullable Headers responseTrailers() {
        return responseTrailers;
    }

    /** These have come; the action that this decides for, once, or null. */
    public @Nullable FilterAction requestHeaders(Headers headers) {
        requestHeaders = headers;
        return advance();
    }

    /** As {@link #requestHeaders(Headers)}. */
    public @Nullable FilterAction requestTrailers(Headers trailers) {
        requestTrailers = trailers;
        return advance();
    }

    /** As {@link #requestHeaders(Headers)}. */
    public @Nullable FilterAction responseHeaders(Headers headers) {
        responseHeaders = headers;
        return advance();
    }

    /** As {@link #requestHeaders(Headers)}. */
    public @Nullable FilterAction responseTrailers(Headers trailers) {
        responseTrailers = trailers;
        return advance();
    }

    private @Nullable FilterAction advance() {
        if (decided) {
            return null;
        }
        MatchResult<FilterAction> result = matcher.tree().match(this);
        decided = !result.isUndecided();
        return result.action();
    }
}
