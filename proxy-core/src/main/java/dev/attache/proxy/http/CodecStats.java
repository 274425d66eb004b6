package dev.attache.proxy.http;

/**
 * Where codecs count what they see, by Envoy's counter names below {@code http1.} and {@code
 * http2.} (the listener's connection manager or the cluster gives the prefix before it).
 * Implementations resolve their cells once and must not allocate. Loop-confined.
 */
public interface CodecStats {

    /** A counter of a codec; {@link #statName()} is Envoy's name. */
    enum Counter {
        HTTP1_DROPPED_HEADERS_WITH_UNDERSCORES("http1.dropped_headers_with_underscores"),
        HTTP1_METADATA_NOT_SUPPORTED_ERROR("http1.metadata_not_supported_error"),
        HTTP1_REQUESTS_REJECTED_WITH_UNDERSCORES_IN_HEADERS(
                "http1.requests_rejected_with_underscores_in_headers"),
        HTTP1_RESPONSE_FLOOD("http1.response_flood"),
        HTTP2_COOKIES_TOTAL_BYTES_TOO_LARGE("http2.cookies_total_bytes_too_large"),
        HTTP2_DROPPED_HEADERS_WITH_UNDERSCORES("http2.dropped_headers_with_underscores"),
        HTTP2_GOAWAY_SENT("http2.goaway_sent"),
        HTTP2_HEADER_LIST_SIZE_TOO_LARGE("http2.header_list_size_too_large"),
        HTTP2_HEADER_OVERFLOW("http2.header_overflow"),
        HTTP2_HEADERS_CB_NO_STREAM("http2.headers_cb_no_stream"),
        HTTP2_INBOUND_EMPTY_FRAMES_FLOOD("http2.inbound_empty_frames_flood"),
        HTTP2_INBOUND_PRIORITY_FRAMES_FLOOD("http2.inbound_priority_frames_flood"),
        HTTP2_INBOUND_WINDOW_UPDATE_FRAMES_FLOOD("http2.inbound_window_update_frames_flood"),
        HTTP2_KEEPALIVE_TIMEOUT("http2.keepalive_timeout"),
        HTTP2_METADATA_EMPTY_FRAMES("http2.metadata_empty_frames"),
        /** Every connection from a client: what Envoy's default library would have taken. */
        HTTP2_NGHTTP2_DOWNSTREAM_CONNECTIONS("http2.nghttp2_downstream_connections"),
        /** Every connection to an upstream. */
        HTTP2_NGHTTP2_UPSTREAM_CONNECTIONS("http2.nghttp2_upstream_connections"),
        HTTP2_OGHTTP2_DOWNSTREAM_CONNECTIONS("http2.oghttp2_downstream_connections"),
        HTTP2_OGHTTP2_UPSTREAM_CONNECTIONS("http2.oghttp2_upstream_connections"),
        HTTP2_OUTBOUND_CONTROL_FLOOD("http2.outbound_control_flood"),
        HTTP2_OUTBOUND_FLOOD("http2.outbound_flood"),
        HTTP2_REQUESTS_REJECTED_WITH_UNDERSCORES_IN_HEADERS(
                "http2.requests_rejected_with_underscores_in_headers"),
        HTTP2_RX_MESSAGING_ERROR("http2.rx_messaging_error"),
        HTTP2_RX_RESET("http2.rx_reset"),
        HTTP2_STREAM_REFUSED_ERRORS("http2.stream_refused_errors"),
        HTTP2_TRAILERS("http2.trailers"),
        HTTP2_TX_FLUSH_TIMEOUT("http2.tx_flush_timeout"),
        HTTP2_TX_RESET("http2.tx_reset");

        private final String statName;

        Counter(String statName) {
            this.statName = statName;
        }

        public String statName() {
            return statName;
        }
    }

    /** A gauge of the HTTP/2 codec. */
    enum Gauge {
        HTTP2_DEFERRED_STREAM_CLOSE("http2.deferred_stream_close"),
        HTTP2_OUTBOUND_CONTROL_FRAMES_ACTIVE("http2.outbound_control_frames_active"),
        HTTP2_OUTBOUND_FRAMES_ACTIVE("http2.outbound_frames_active"),
        HTTP2_PENDING_SEND_BYTES("http2.pending_send_bytes"),
        HTTP2_STREAMS_ACTIVE("http2.streams_active");

        private final String statName;

        Gauge(String statName) {
            this.statName = statName;
        }

        public String statName() {
            return statName;
        }
    }

    /** Counts nothing. */
    CodecStats NONE =
            new CodecStats() {
                @Override
                public void increment(Counter counter) {}

                @Override
                public void add(Gauge gauge, long delta) {}
            };

    void increment(Counter counter);

    void add(Gauge gauge, long delta);
}
