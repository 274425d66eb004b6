package dev.attache.filters.http.compressor;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.Locale;
import java.util.Set;

/**
 * Which bodies of one direction are worth compressing. Immutable.
 *
 * @param minContentLength bytes; a shorter body of known length is left alone
 * @param contentTypes media types in lower case, without parameters
 */
record BodyRules(boolean enabled, long minContentLength, Set<String> contentTypes) {

    /** What Envoy compresses where no type is configured. */
    static final Set<String> DEFAULT_CONTENT_TYPES =
            Set.of(
                    "text/html",
                    "text/plain",
                    "text/css",
                    "application/javascript",
                    "application/x-javascript",
                    "text/javascript",
                    "text/x-javascript",
                    "text/ecmascript",
                    "text/js",
                    "text/jscript",
                    "text/x-js",
                    "application/ecmascript",
                    "application/x-json",
                    "application/xml",
                    "application/json",
                    "image/svg+xml",
                    "text/xml",
                    "application/xhtml+xml",
                    "application/grpc-web",
                    "application/grpc-web+proto");

    BodyRules {
        contentTypes = Set.copyOf(contentTypes);
    }

    /** A length that is not said, or not readable as a number, counts as Envoy counts it. */
    boolean longEnough(Headers headers) {
        return !headers.contains(HeaderName.CONTENT_LENGTH)
                || headers.getLong(HeaderName.CONTENT_LENGTH) >= minContentLength;
    }

    boolean allows(Headers headers) {
        String type = headers.get(HeaderName.CONTENT_TYPE);
        return type == null || contentTypes.contains(mediaType(type));
    }

    static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        String media = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return media.strip().toLowerCase(Locale.ROOT);
    }
}
