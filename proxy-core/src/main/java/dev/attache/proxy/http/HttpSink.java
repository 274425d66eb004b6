package dev.attache.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * The one way a message moves, in both directions and for every protocol. The order is {@code
 * informational* headers data* [trailers]}; the call with {@code end} (or {@link #trailers}) is the
 * last, unless {@link #reset} cuts it short. Loop-confined.
 */
public interface HttpSink {

    /** A 1xx response other than 101. The callee may not keep {@code headers}. */
    void informational(Headers headers);

    /**
     * The callee owns {@code headers} until the stream ends. A server codec may use the object
     * again for the next request once it has called {@link RequestSink#streamClosed}; heads of
     * responses are never used again, since a downstream stream outlives the upstream one that
     * brought them. Codecs encode at once and keep nothing.
     */
    void headers(Headers headers, boolean end);

    /** Takes ownership of {@code chunk}. */
    void data(ByteBuf chunk, boolean end);

    /** Always the end of the message. */
    void trailers(Headers trailers);

    /** Ends the stream abnormally; nothing may follow. */
    void reset(ResetReason why);
}
