package dev.attache.filters.http.ext_proc;

/** {@code ProcessingMode}: what of a message the processor sees, and how. Immutable. */
record ProcessingMode(
        HeaderMode requestHeaders,
        HeaderMode responseHeaders,
        BodyMode requestBody,
        BodyMode responseBody,
        HeaderMode requestTrailers,
        HeaderMode responseTrailers) {

    /** Of heads and trailers; in the order of the API. */
    enum HeaderMode {
        /** Heads are sent, trailers are not; in an override, what was before. */
        DEFAULT,
        SEND,
        SKIP;

        private HeaderMode or(HeaderMode before) {
            return this == DEFAULT ? before : this;
        }
    }

    /** Of bodies; in the order of the API, whose numbers these are. */
    enum BodyMode {
        NONE,
        STREAMED,
        BUFFERED,
        BUFFERED_PARTIAL,
        FULL_DUPLEX_STREAMED,
        /** For other users of the API: a body is not sent. */
        GRPC
    }

    /** Nothing is sent. */
    static final ProcessingMode OFF =
            new ProcessingMode(
                    HeaderMode.SKIP,
                    HeaderMode.SKIP,
                    BodyMode.NONE,
                    BodyMode.NONE,
                    HeaderMode.DEFAULT,
                    HeaderMode.DEFAULT);

    /** This one as a processor changes it: bodies as that says, the rest where it says so. */
    ProcessingMode changedBy(ProcessingMode change) {
        return new ProcessingMode(
                change.requestHeaders.or(requestHeaders),
                change.responseHeaders.or(responseHeaders),
                change.requestBody,
                change.responseBody,
                change.requestTrailers.or(requestTrailers),
                change.responseTrailers.or(responseTrailers));
    }

    /** Whether it is the other one, but for the request's head, which has been sent by then. */
    boolean isAs(ProcessingMode other) {
        return responseHeaders == other.responseHeaders
                && requestBody == other.requestBody
                && responseBody == other.responseBody
                && requestTrailers == other.requestTrailers
                && responseTrailers == other.responseTrailers;
    }
}
