package dev.attache.filters.http.author.stream;

/**
 * The worker's thread, to which a stream belongs: a call from another one is refused in the words
 * of the API, before the engine refuses it in its own.
 */
final class OwnThread {

    private final Thread owner = Thread.currentThread();
    private final String filter;

    /** On the thread itself. */
    OwnThread(String filter) {
        this.filter = filter;
    }

    /**
     * @param method of the stream, as its author called it
     * @throws IllegalStateException from any other thread
     */
    void check(String method) {
        if (Thread.currentThread() != owner) {
            throw refused(method);
        }
    }

    private IllegalStateException refused(String method) {
        return new IllegalStateException(
                ("%s() of a stream of filter '%s' was called by thread '%s', but the stream belongs to"
                                + " thread '%s'. A streaming filter takes executor() while a callback"
                                + " runs, and has it execute the call; what has to wait is a blocking"
                                + " filter")
                        .formatted(
                                method, filter, Thread.currentThread().getName(), owner.getName()));
    }
}
