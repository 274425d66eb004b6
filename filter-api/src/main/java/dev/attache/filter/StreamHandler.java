package dev.attache.filter;

/**
 * One stream, as a streaming filter sees it. Called on the stream's worker, never two calls at
 * once, and must not wait: who has to asks to be called back and answers {@link Step#PAUSE}. What a
 * method throws costs the stream: 500 with the details {@code filter_exception{NAME}}, or a reset
 * where the response has begun. Every method has a default, so that a filter says only what it
 * cares about.
 */
@Stable(since = "0.1", implementedByAuthors = true)
public interface StreamHandler {

    /**
     * @param end there is neither body nor trailers
     */
    default Step onRequestHeaders(Headers headers, boolean end, StreamingContext stream) {
        return Step.CONTINUE;
    }

    /**
     * A piece of the body; how a body is cut into pieces means nothing.
     *
     * @param chunk valid during the call
     * @param end nothing follows; the last piece may be empty
     */
    default Step onRequestData(Chunk chunk, boolean end, StreamingContext stream) {
        return Step.CONTINUE;
    }

    /** The end of a request that has trailers. */
    default Step onRequestTrailers(Headers trailers, StreamingContext stream) {
        return Step.CONTINUE;
    }

    /** A 1xx response on its way to the client; it cannot be held. */
    default void onResponseInformational(Headers headers, StreamingContext stream) {}

    /**
     * As {@link #onRequestHeaders}, of a server's response or a local reply. One that a filter in
     * front of this one gave comes without a call of {@link #onRequestHeaders} before.
     */
    default Step onResponseHeaders(Headers headers, boolean end, StreamingContext stream) {
        return Step.CONTINUE;
    }

    /** As {@link #onRequestData}. */
    default Step onResponseData(Chunk chunk, boolean end, StreamingContext stream) {
        return Step.CONTINUE;
    }

    /** As {@link #onRequestTrailers}. */
    default Step onResponseTrailers(Headers trailers, StreamingContext stream) {
        return Step.CONTINUE;
    }

    /**
     * A local reply, of whatever filter or of the proxy, is about to run through the response side.
     */
    default void onLocalReply(Reply reply, StreamingContext stream) {}

    /** The last call; timers and calls of the stream have ended with it. */
    default void onStreamEnd(StreamEnd why, StreamingContext stream) {}
}
