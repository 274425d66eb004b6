package dev.attache.filter;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a filter may know and do on one stream. On the stream's worker, or for a blocking filter on
 * its virtual thread; from any other thread an {@link IllegalStateException}. Dead when the stream
 * has ended.
 */
@Stable(since = "0.1")
public interface StreamContext {

    /** The name of this filter in the chain. */
    String filterName();

    /** Addresses, names, times. */
    StreamFacts facts();

    /** The request's head as it is now. */
    Headers request();

    /**
     * What {@link OverridableFilterFactory#override} made of the most specific entry for this
     * stream's route, or null.
     */
    <T> @Nullable T override(Class<T> type);

    /** The same of every level that has an entry, the most specific first. */
    <T> List<T> overrides(Class<T> type);

    /**
     * Answers the request; the answer passes the response side of all filters. Where the response
     * has begun the stream is reset. Which {@link Step} a streaming filter returns then does not
     * matter.
     */
    void reply(Reply reply);

    /** The request has changed: its route is chosen anew when it is next asked for. */
    void clearRoute();

    /**
     * Dynamic metadata: text, numbers (as {@link Double}), booleans, lists and maps of them.
     *
     * @param path the names of fields, from the outermost on; none for the whole namespace
     * @return null where there is none
     */
    @Nullable Object metadata(String namespace, String... path);

    /**
     * Adds to the dynamic metadata, where access logs and other filters find it; what was there
     * under the same names is replaced.
     *
     * @param fields text, numbers, booleans, lists and maps of them
     */
    void putMetadata(String namespace, Map<String, ?> fields);

    /** The filter state of that name: text, or the object that a filter put there; null: none. */
    @Nullable Object state(String key);

    /**
     * Sets filter state, for other filters of the stream; matchers and access logs see its {@link
     * Object#toString}.
     */
    void state(String key, Object value);

    /** The process log; at levels that are off a call costs next to nothing. */
    System.Logger log();

    /** Headers of no message, to be filled and added by a filter. */
    Headers newHeaders();
}
