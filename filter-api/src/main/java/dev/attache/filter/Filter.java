package dev.attache.filter;

/**
 * A filter as it is opened on one worker, of one of the three tiers. Its methods are called on that
 * worker, for all of its streams, except where a tier says otherwise.
 */
@Stable(since = "0.1")
public sealed interface Filter permits HeaderFilter, BlockingFilter, StreamingFilter {

    /** On the worker, after the last stream that passed the filter. */
    default void close() {}

    /** A lambda as filter of heads. */
    static Filter headers(HeaderFilter onRequest) {
        return onRequest;
    }

    /** Two lambdas as filter of heads, one for requests and one for responses. */
    static Filter headers(HeaderFilter onRequest, HeaderFilter onResponse) {
        return new HeaderFilter() {
            @Override
            public void onRequest(Headers request, StreamContext stream) {
                onRequest.onRequest(request, stream);
            }

            @Override
            public void onResponse(Headers response, StreamContext stream) {
                onResponse.onRequest(response, stream);
            }
        };
    }

    /** A lambda as blocking filter. */
    static Filter blocking(BlockingFilter filter) {
        return filter;
    }

    /** A constructor as streaming filter. */
    static Filter streaming(StreamingFilter filter) {
        return filter;
    }
}
