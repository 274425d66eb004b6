package dev.attache.filter;

/**
 * Sees the heads of requests and responses, changes them, or answers by {@link
 * StreamContext#reply}. Bodies pass by untouched and are never held. One object for all streams of
 * a worker, called on it: it must not wait.
 */
@FunctionalInterface
@Stable(since = "0.1", implementedByAuthors = true)
public non-sealed interface HeaderFilter extends Filter {

    /** A request's head is on its way to the next filter. */
    void onRequest(Headers request, StreamContext stream);

    /**
     * A response's head is on its way to the client, be it a server's or a local reply; one that a
     * filter in front of this one gave comes without {@link #onRequest} before.
     */
    default void onResponse(Headers response, StreamContext stream) {}
}
