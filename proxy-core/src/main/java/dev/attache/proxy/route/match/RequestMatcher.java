package dev.attache.proxy.route.match;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;

/** A {@code RouteMatch} that stands alone, as filters have them in their settings. Immutable. */
public final class RequestMatcher {

    private final RouteMatcher matcher;
    private final CompiledPath path;

    public RequestMatcher(RouteMatcher matcher) {
        this.matcher = matcher;
        this.path = CompiledPath.of(matcher.path());
    }

    /** Whether everything that is set holds. */
    public boolean matches(Headers request, StreamInfo info) {
        int field = request.indexOf(HeaderName.PATH);
        byte[] text = request.text();
        int start = field < 0 ? 0 : request.valueStart(field);
        int length = field < 0 ? -1 : CompiledPath.length(text, start, request.valueLength(field));
        return path.matches(request, text, start, length)
                && (matcher.pathOnly() || matcher.matchesRest(request, info));
    }
}
