package dev.attache.filter;

/**
 * What stands behind a blocking filter, and around it. Of one stream; on its virtual thread, which
 * every method may make wait.
 */
@Stable(since = "0.1")
public interface Chain {

    /**
     * Lets the request go on to the next filter, and waits for the head of the response. Of the
     * body what was read and not replaced goes on as it came, what was not read is streamed.
     *
     * @throws InterruptedException the stream has ended
     * @throws IllegalStateException it has gone on before
     */
    Response proceed(Request request) throws InterruptedException;

    /**
     * An answer of the filter's own, for {@link BlockingFilter#handle} to return; in place of a
     * response that came it replaces that.
     *
     * @param body may be empty; not to be changed afterwards
     */
    Response answer(int status, byte[] body);

    /**
     * A request to a cluster, and its answer; it takes the way that proxied requests take.
     *
     * @throws CallException there is no answer, or for gRPC not the status OK
     * @throws InterruptedException the stream has ended
     */
    CallResponse call(CallRequest request) throws CallException, InterruptedException;

    /** The stream. Its methods take turns with the worker: each one waits for it. */
    StreamContext stream();
}
