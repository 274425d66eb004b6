package dev.attache.server.admin;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Reads requests to the admin listener. Refuses what says its length in two ways (RFC 9112 section
 * 6.1), where Netty's decoder would repair it. One per connection.
 */
final class AdminRequestDecoder extends HttpRequestDecoder {

    /** Envoy's {@code max_request_headers_kb}, the request line included. */
    static final int MAX_HEAD = 60 * 1024;

    AdminRequestDecoder() {
        super(new HttpDecoderConfig().setMaxInitialLineLength(MAX_HEAD).setMaxHeaderSize(MAX_HEAD));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException(
                "a request must not have both transfer-encoding and content-length");
    }
}
