package dev.attache.filters.http.author.blocking;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * What a blocking filter's thread waits for: made there, done on the worker's loop.
 *
 * @param <T> what comes of it
 */
final class Turn<T> {
    private final CompletableFuture<T> outcome = new CompletableFuture<>();

    void done(T value) {
        outcome.complete(value);
    }

    void failed(Throwable why) {
        outcome.completeExceptionally(why);
    }

    boolean isOver() {
        return outcome.isDone();
    }

    /** On the thread; what failed it is the cause of what is thrown. */
    T get() throws InterruptedException, ExecutionException {
        return outcome.get();
    }
}
