package dev.attache.proxy.http;

/** Where a server codec delivers one request. */
public interface RequestSink extends HttpSink {

    /**
     * The request violates the protocol or a limit; the receiver answers it (400, 408, 431 …) and
     * the codec delivers nothing more on this stream. On HTTP/1 the connection closes after the
     * answer.
     *
     * @param status HTTP status to answer with
     * @param details Envoy's response code details, e.g. {@code http1.codec_error}
     */
    void protocolError(int status, String details);

    /**
     * The codec reads no more for want of resources: the receiver answers with 500, and the
     * connection closes. HTTP/1 only.
     */
    void dispatchAborted();

    /**
     * So many octets of the body more wait in the codec until the response accepts the upgrade.
     * They have been received, as far as counts go, whether or not it does; if it does, they are
     * taken back here and come by {@link #data}.
     *
     * @param octets fewer, if negative
     */
    void bodyWaits(int octets);

    /**
     * The response's last byte has been handed to the connection and the request was complete or
     * abandoned: the codec forgets the stream. Follows every end, {@link HttpStream#reset} by the
     * receiver included; not a reset that came through {@link #reset}. On HTTP/1 the codec closes
     * the connection afterwards where the response said or implied it.
     */
    void streamClosed();
}
