package dev.attache.proxy.http.h2;

/** Response code details of the HTTP/2 codec, Envoy's to the letter. */
final class Http2Details {

    static final String INVALID_HEADER_FIELD = "http2.invalid.header.field";
    static final String MESSAGING_RULE = "http2.violation.of.messaging.rule";
    static final String TOO_MANY_HEADERS = "http2.too_many_headers";
    static final String HEADER_LIST_TOO_LARGE = "http2.header_list_size_too_large";
    static final String UNEXPECTED_UNDERSCORE = "http2.unexpected_underscore";
    static final String REMOTE_RESET = "http2.remote_reset";
    static final String REMOTE_REFUSE = "http2.remote_refuse";
    static final String OUTBOUND_FLOOD = "codec_error:Too_many_frames_in_the_outbound_queue.";
    static final String OUTBOUND_CONTROL_FLOOD =
            "codec_error:Too_many_control_frames_in_the_outbound_queue.";
    static final String PRIORITY_FLOOD = "codec_error:Too_many_PRIORITY_frames";
    static final String WINDOW_UPDATE_FLOOD = "codec_error:Too_many_WINDOW_UPDATE_frames";
    static final String INBOUND_EMPTY_FLOOD = "http2.inbound_empty_frames_flood";

    /** Of all connection errors that have no details of their own. */
    static final String PROTOCOL_ERROR = "codec_error:The_user_callback_function_failed";

    static final String PING_TIMEOUT = "http2_ping_timeout";

    private Http2Details() {}
}
