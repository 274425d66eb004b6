package dev.attache.proxy.pipeline;

/**
 * The thread that a stream belongs to: the worker's, on which its filters were made. A call from
 * another one would corrupt what is confined to the loop, so it is refused there, where the mistake
 * is, and costs the stream nothing.
 */
final class StreamThread {

    private final Thread owner = Thread.currentThread();

    /**
     * @param filter whose context is called
     * @throws IllegalStateException from any other thread
     */
    void check(String filter, String method) {
        if (Thread.currentThread() != owner) {
            throw refused(filter, method);
        }
    }

    private IllegalStateException refused(String filter, String method) {
        return new IllegalStateException(
                ("FilterContext.%s of filter '%s' was called by thread '%s', but the stream belongs"
                                + " to thread '%s'. Take connection().worker().eventLoop() while a"
                                + " callback runs, and have it execute the call")
                        .formatted(
                                method, filter, Thread.currentThread().getName(), owner.getName()));
    }
}
