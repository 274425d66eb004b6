/**
 * HTTP filters: the seam they implement and the pipeline that runs them over one stream. A pipeline
 * is a flat array walked by index, the same for every protocol.
 *
 * <p>The seam was tried on paper against ext_authz (PAUSE on headers, resume or respond later),
 * ext_proc (PAUSE, stream the body out while paused, inject what comes back), Lua and Wasm (PAUSE
 * at any point, BUFFER a body and change it before the headers leave), buffer (BUFFER), fault
 * (PAUSE until a timer) and 1xx responses (a callback of their own that cannot stop). The router is
 * a filter like any other: it answers DONE and writes into {@link
 * dev.attache.proxy.pipeline.FilterContext#response()}.
 *
 * <p><b>Messages that change shape.</b> A filter that makes other parts of what it sees answers
 * DONE and passes on its own, in the order head, body, end; filters behind it see only those. All
 * of it works alike for requests and responses:
 *
 * <pre>{@code
 * // a body where none was, in onRequestHeaders(headers, end = true)
 * context.injectHeaders(REQUEST, headers, false);
 * context.inject(REQUEST, body, true);
 * return Step.DONE;
 *
 * // no body where one was, in onRequestHeaders(headers, end = false): the rest is dropped
 * context.injectHeaders(REQUEST, headers, true);
 * return Step.DONE;
 *
 * // another piece for each piece, in onResponseData(data, end)
 * context.inject(RESPONSE, translated(data), end);
 * return Step.DONE;
 *
 * // another body as a whole: BUFFER in onResponseHeaders, then in onResponseData the same;
 * // the head waits until then and may be changed
 *
 * // trailers where none were, in onResponseData(data, end = true)
 * context.inject(RESPONSE, data.retain(), false);
 * context.injectTrailers(RESPONSE, trailers);
 * return Step.DONE;
 *
 * // trailers that become body, in onResponseTrailers(trailers)
 * context.inject(RESPONSE, frame(trailers), true);
 * return Step.DONE;
 *
 * // the end later: inject(..., false) for the last piece, then inject(more, true) from a timer;
 * // the end earlier: inject(piece, true) for any piece
 * }</pre>
 *
 * <p>A filter that changes how long a body is removes {@code content-length} from the head, or sets
 * it, before the head goes on; codecs then choose the framing (chunks in HTTP/1, none in HTTP/2). A
 * body that is added to the answer to a HEAD request is not sent. What filters behind gather counts
 * against {@link FilterContext#bufferLimit()} as if it had come from the source, and a local reply
 * is possible as long as no part of the response has left for the client.
 */
@NullMarked
package dev.attache.proxy.pipeline;

import org.jspecify.annotations.NullMarked;
