package dev.attache.proxy.http;

/** Why a stream ended before its time: Envoy's {@code StreamResetReason}, with its texts. */
public enum ResetReason {
    LOCAL_RESET("local reset"),
    LOCAL_REFUSED_STREAM_RESET("local refused stream reset"),
    REMOTE_RESET("remote reset"),

    /** The server had answered in full, and wants no more of the request; of no response. */
    REMOTE_RESET_NO_ERROR("remote reset"),
    REMOTE_REFUSED_STREAM_RESET("remote refused stream reset"),
    LOCAL_CONNECTION_FAILURE("local connection failure"),
    REMOTE_CONNECTION_FAILURE("remote connection failure"),
    CONNECTION_TIMEOUT("connection timeout"),
    CONNECTION_TERMINATION("connection termination"),
    OVERFLOW("overflow"),
    CONNECT_ERROR("remote error with CONNECT request"),
    PROTOCOL_ERROR("protocol error"),
    OVERLOAD_MANAGER("overload manager reset"),
    HTTP1_PREMATURE_UPSTREAM_HALF_CLOSE("HTTP/1 premature upstream half close");

    private final String text;

    ResetReason(String text) {
        this.text = text;
    }

    /** As in {@code upstream connect error or disconnect/reset before headers. reset reason: …}. */
    public String text() {
        return text;
    }
}
