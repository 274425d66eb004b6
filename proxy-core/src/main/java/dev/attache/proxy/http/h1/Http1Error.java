package dev.attache.proxy.http.h1;

/**
 * Ways in which an HTTP/1 message is refused: status for the client, Envoy's details for the log.
 */
enum Http1Error {
    CODEC_ERROR(400, "http1.codec_error"),
    INVALID_CHARACTERS(400, "http1.invalid_characters"),
    INVALID_URL(400, "http1.invalid_url"),
    INVALID_SCHEME(400, "http1.invalid_scheme"),
    HTTPS_ON_PLAINTEXT(403, "http1.https_url_on_plaintext_connection"),
    INVALID_AUTHORITY(400, "http.invalid_authority"),
    HEADERS_TOO_LARGE(431, "http1.headers_too_large"),
    TOO_MANY_HEADERS(431, "http1.too_many_headers"),
    UNEXPECTED_UNDERSCORE(400, "http1.unexpected_underscore"),
    INVALID_TRANSFER_ENCODING(501, "http1.invalid_transfer_encoding"),
    TRANSFER_ENCODING_NOT_ALLOWED(502, "http1.transfer_encoding_not_allowed"),
    CONTENT_LENGTH_NOT_ALLOWED(502, "http1.content_length_not_allowed"),
    CONTENT_LENGTH_AND_CHUNKED(400, "http1.content_length_and_chunked_not_allowed"),
    BODY_DISALLOWED(400, "http1.body_disallowed"),
    CONNECTION_HEADER_REJECTED(400, "http1.connection_header_rejected"),
    LOW_VERSION(426, "low_version");

    private final int status;
    private final String details;

    Http1Error(int status, String details) {
        this.status = status;
        this.details = details;
    }

    int status() {
        return status;
    }

    String details() {
        return details;
    }
}
