package dev.attache.filter;

/**
 * Handles one request from beginning to end in one method, on a virtual thread of that stream's
 * own: it may wait for whatever it likes (a database, an HTTP client, a lock) and costs no worker
 * anything. One object for all streams of a worker, called by many threads at once.
 */
@FunctionalInterface
@Stable(since = "0.1", implementedByAuthors = true)
public non-sealed interface BlockingFilter extends Filter {

    /**
     * Answers a request: usually with what {@link Chain#proceed} returns, changed or not; or with
     * an answer of its own by {@link Chain#answer}.
     *
     * <p>The thread is interrupted when the stream ends before this returns: the client left, a
     * timeout of the route passed, a body was longer than it may be. What is thrown after that is
     * of no consequence; what is thrown before costs the stream, as 500 with the details {@code
     * filter_exception{NAME}}.
     *
     * @param request valid until this returns, on this thread
     * @return the response; everything of it that was not touched is streamed through
     */
    Response handle(Request request, Chain chain) throws Exception;
}
