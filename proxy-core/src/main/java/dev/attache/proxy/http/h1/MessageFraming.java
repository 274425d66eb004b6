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

    /** Reads {@code content-length}; at most one may be there. */
    @Nullable Http1Error readLength(Headers headers) {
        contentLength = -1;
        chunked = false;
        int i = headers.indexOf(HeaderName.CONTENT_LENGTH);
        if (i < 0) {
            return null;
        }
        contentLength = headers.getLong(HeaderName.CONTENT_LENGTH);
        boolean once = headers.indexOf(HeaderName.CONTENT_LENGTH, i + 1) < 0;
        return once && contentLength >= 0 ? null : Http1Error.CODEC_ERROR;
    }

    /**
     * Reads {@code transfer-encoding}, of which only one {@code chunked} is understood. RFC 9112
     * section 6.3: beside a length the message is refused, or the length dropped.
     */
    @Nullable Http1Error readCoding(Headers headers, boolean allowChunkedLength) {
        int i = headers.indexOf(HeaderName.TRANSFER_ENCODING);
        if (i < 0) {
            return null;
        }
        chunked =
                headers.indexOf(HeaderName.TRANSFER_ENCODING, i + 1) < 0
                        && headers.valueEqualsIgnoreCase(i, "chunked");
        if (contentLength >= 0) {
            if (!chunked || !allowChunkedLength) {
                return Http1Error.CONTENT_LENGTH_AND_CHUNKED;
            }
            dropLength(headers);
        }
        return chunked ? null : Http1Error.INVALID_TRANSFER_ENCODING;
    }

    void dropLength(Headers headers) {
        headers.remove(HeaderName.CONTENT_LENGTH);
        contentLength = -1;
    }
}
