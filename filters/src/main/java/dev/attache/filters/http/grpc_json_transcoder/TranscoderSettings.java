package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.JsonPrinter;
import dev.attache.filters.http.grpc_json_transcoder.path.PathMatcher;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;

/**
 * Of the filter, or of a route, which replaces the filter's. Immutable.
 *
 * @param disabled it names no services: nothing is transcoded
 */
record TranscoderSettings(
        boolean disabled,
        Schema schema,
        PathMatcher<Call.Target> calls,
        JsonPrinter printer,
        Requests requests,
        Responses responses) {

    /**
     * @param keepRoute the route stays the one of the request as it came
     * @param ignoreUnknown parameters that are no fields are passed over
     * @param captureUnknown they go with the body, where that is {@code google.api.HttpBody}
     * @param maxBody bytes; -1 = the buffer limit
     */
    record Requests(
            boolean keepRoute,
            boolean ignoreUnknown,
            boolean captureUnknown,
            boolean rejectUnknownMethod,
            boolean rejectUnknownParameters,
            boolean rejectCollisions,
            boolean enumsInAnyCase,
            long maxBody) {}

    /**
     * @param delimiter between the messages of a stream
     * @param convertStatus a failure has a body that says it
     * @param maxBody bytes; -1 = the buffer limit
     */
    record Responses(Delimiter delimiter, boolean convertStatus, long maxBody) {}

    /** What a stream of messages is in JSON. */
    enum Delimiter {
        /** One list. */
        LIST,
        /** A message on each line. */
        NEWLINE,
        /** Server-sent events. */
        SSE
    }
}
