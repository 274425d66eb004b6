package dev.attache.proxy.pipeline;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;

/**
 * One filter on one stream. Called on the stream's worker, never two calls at once; a call may
 * re-enter through {@link FilterContext} (respond, resume). Every method has a default, so that a
 * filter says only what it cares about.
 *
 * <p>Bodies are views: valid during the call, owned by the pipeline. A filter may read, drain from
 * the front, or replace bytes in place; to keep them it copies, or answers {@link Step#DONE} after
 * {@code retain()}. How a filter makes a message of another shape stands in the package's
 * description.
 */
public interface HttpFilter {

    default Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        return Step.CONTINUE;
    }

    default Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return Step.CONTINUE;
    }

    default Step onRequestTrailers(Headers trailers, FilterContext context) {
        return Step.CONTINUE;
    }

    /** A 1xx response on its way to the client; it cannot be held. */
    default void onResponseInformational(Headers headers, FilterContext context) {}

    default Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        return Step.CONTINUE;
    }

    default Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return Step.CONTINUE;
    }

    default Step onResponseTrailers(Headers trailers, FilterContext context) {
        return Step.CONTINUE;
    }

    /** A local reply is about to run through the response side of the filters. */
    default void onLocalReply(LocalReply reply, FilterContext context) {}

    /** Last call but {@link #onLog}: give up timers and side calls. */
    default void onStreamEnd(StreamEnd why, FilterContext context) {}

    /** Whether {@link #onLog} is to be called; asked when the stream has ended. */
    default boolean logs() {
        return false;
    }

    /**
     * Every filter has heard of the end, and the access logs are about to be written: for a filter
     * that writes down what they show (Envoy's {@code addAccessLogHandler}).
     *
     * @param entry valid during the call
     */
    default void onLog(FormatContext entry) {}

    /**
     * Says what it would do with a request whose head is there, under {@link
     * ExplainedStream#WOULD}, without doing it. Called on a filter of its own, in place of all
     * other methods.
     */
    default void explain(ExplainedStream stream, Explanation into) {
        into.say(ExplainedStream.WOULD, ExplainedStream.RUNS);
    }
}
