package dev.attache.proxy.http.h1;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** What {@code content-length} and {@code transfer-encoding} of a head say (RFC 9112 section 6). */
final class MessageFraming {

    private long contentLength;
    private boolean chunked;

    /** Octets of the body, or -1 where the head does not say. */
    long contentLength() {
        return contentLength;
    }

    boolean chunked() {
        return chunked;
    }

    /**
     * Reads both fields; at most one of each may be there, and only {@code chunked} is understood.
     */
    @Nullable Http1Error read(Headers headers) {
        contentLength = -1;
        chunked = false;
        int i = headers.indexOf(HeaderName.CONTENT_LENGTH);
        if (i >= 0) {
            if (headers.indexOf(HeaderName.CONTENT_LENGTH, i + 1) >= 0) {
                return Http1Error.CODEC_ERROR;
            }
            contentLength = headers.getLong(HeaderName.CONTENT_LENGTH);
            if (contentLength < 0) {
                return Http1Error.CODEC_ERROR;
            }
        }
        i = headers.indexOf(HeaderName.TRANSFER_ENCODING);
        if (i >= 0) {
            if (headers.indexOf(HeaderName.TRANSFER_ENCODING, i + 1) >= 0
                    || !headers.valueEqualsIgnoreCase(i, "chunked")) {
                return Http1Error.INVALID_TRANSFER_ENCODING;
            }
            chunked = true;
        }
        return null;
    }

    /** RFC 9112 section 6.3: the length is dropped, or the message refused. */
    @Nullable Http1Error resolve(Headers headers, boolean allowChunkedLength) {
        if (!chunked || contentLength < 0) {
            return null;
        }
        if (!allowChunkedLength) {
            return Http1Error.CONTENT_LENGTH_AND_CHUNKED;
        }
        headers.remove(HeaderName.CONTENT_LENGTH);
        contentLength = -1;
        return null;
    }
}
