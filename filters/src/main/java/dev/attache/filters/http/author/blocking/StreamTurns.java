package dev.attache.filters.http.author.blocking;

import dev.attache.filter.CallException;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The virtual thread of one stream, and how it takes turns with the worker: it asks for something
 * to be done on the loop and waits for what comes of it. When the stream ends it is interrupted,
 * and whatever it asks for afterwards fails the same way.
 */
final class StreamTurns {
    private final EventLoop loop;

    /** Asked for and not done; on the loop. */
    private final List<Turn<?>> open = new ArrayList<>(2);

    private @Nullable Thread thread;
    private boolean ended;

    StreamTurns(EventLoop loop) {
        this.loop = loop;
    }

    /** On the loop. */
    void start(String filter, @Nullable ClassLoader loader, Runnable code) {
        Thread started = Thread.ofVirtual().name("filter " + filter).unstarted(code);
        started.setContextClassLoader(loader);
        thread = started;
        started.start();
    }

    /** On the loop: the stream has ended, or goes on without the filter. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        for (Turn<?> turn : open) {
            turn.failed(new InterruptedException("the stream has ended"));
        }
        open.clear();
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** On the loop: the code has returned, so nothing is to be interrupted any more. */
    private void over() {
        ended = true;
        thread = null;
    }

    /** The last thing that the code asks for; it does not wait. */
    void last(Runnable task) {
        try {
            loop.execute(() -> {
                over();
                task.run();
            });
        } catch (RejectedExecutionException stopped) {
            // The worker has ended, and the stream with it: there is nobody to be told.
            return;
        }
    }

    /** Does something on the loop and waits until it says what has come of it. */
    <T> T ask(Consumer<Turn<T>> task) throws InterruptedException {
        try {
            return wait(task);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** The same where what is waited for may fail as a call does. */
    <T> T call(Consumer<Turn<T>> task) throws InterruptedException, CallException {
        try {
            return wait(task);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CallException failed) {
                // Of this thread's stack, for whoever reads it.
                CallException own =
                        new CallException(
                                failed.kind(), failed.code(), String.valueOf(failed.getMessage()));
                throw own;
            }
            throw rethrown(e.getCause());
        }
    }

    /** Does something on the loop that is over when it returns. */
    <T extends @Nullable Object> T get(Supplier<T> task) throws InterruptedException {
        return ask((Turn<Answer<T>> turn) -> turn.done(new Answer<>(task.get()))).value;
    }

    private record Answer<T extends @Nullable Object>(T value) {}

    private static RuntimeException rethrown(@Nullable Throwable cause)
            throws InterruptedException {
        switch (cause) {
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException own -> throw own;
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException(cause);
        }
    }

    private <T> T wait(Consumer<Turn<T>> task) throws InterruptedException, ExecutionException {
        Turn<T> turn = new Turn<>();
        try {
            loop.execute(() -> begin(turn, task));
        } catch (RejectedExecutionException stopped) {
            throw new InterruptedException("the worker has ended");
        }
        return turn.get();
    }

    private <T> void begin(Turn<T> turn, Consumer<Turn<T>> task) {
        if (ended) {
            turn.failed(new InterruptedException("the stream has ended"));
            return;
        }
        open.removeIf(Turn::isOver);
        open.add(turn);
        try {
            task.accept(turn);
        } catch (RuntimeException | Error e) {
            turn.failed(e);
        }
    }
}
