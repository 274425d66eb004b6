package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.LocalReply;
import org.jspecify.annotations.Nullable;

/** What a request must still have when the filters have done with it. Pure. */
final class RequiredHeaders {

    private RequiredHeaders() {}

    /** The name of a header without which no request can be written, or null. */
    static @Nullable String missing(Headers request) {
        int method = request.indexOf(HeaderName.METHOD);
        if (method < 0) {
            return ":method";
        }
        if (!request.contains(HeaderName.PATH)
                && !request.valueEqualsIgnoreCase(method, "CONNECT")) {
            return ":path";
        }
        return null;
    }

    /** The answer to such a request. */
    static LocalReply reply(String missing) {
        return LocalReply.missingHeader(503, "filter_removed_required_request_headers", missing);
    }
}
