package dev.attache.proxy.pipeline;

import dev.attache.proxy.explain.Explanation;

/** One filter of one chain on one worker. Loop-confined. */
public interface HttpFilterFactory {

    /** The filter for one stream; a filter without state may be the same object each time. */
    HttpFilter newFilter();

    /** The chain is gone and its last stream ended. */
    default void close() {}

    /** See {@link HttpFilter#explain}. */
    default void explain(ExplainedStream stream, Explanation into) {
        newFilter().explain(stream, into);
    }
}
