package dev.attache.server.plane.compile;

import dev.attache.xds.MainLoop;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The thread beside the main loop on which resources are compiled that may take long: thousands of
 * virtual hosts, or an extension that reads a file. One compilation after the other. A compilation
 * sees what it was given and what is immutable; what belongs to the main loop it asks for ({@link
 * #ask}). The main loop never waits for this thread: it is told. The thread is there while there is
 * work, and a while after.
 */
public final class CompileThread implements Executor, AutoCloseable {

    /**
     * A resource of so many bytes or more may keep the main loop from others for a noticeable time;
     * it is read here. A smaller one is read before the threads have told one another.
     */
    public static final int LARGE = 64 * 1024;

    private static final long IDLE_SECONDS = 10;

    private final MainLoop loop;
    private final ThreadPoolExecutor thread;

    /**
     * @param loop answers what is asked
     */
    public CompileThread(MainLoop loop) {
        this.loop = loop;
        this.thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread made = new Thread(task, "compile");
                            made.setDaemon(true);
                            return made;
                        },
                        // Only what comes when this is closed is not taken: it is given up.
                        new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable compilation) {
        thread.execute(compilation);
    }

    /**
     * What only the main loop can say, on whichever thread a compilation runs; one that is not the
     * main loop waits for its turn there.
     *
     * @throws CancellationException if this is closed meanwhile
     */
    public <T> T ask(Supplier<T> question) {
        if (loop.inLoop()) {
            return question.get();
        }
        try {
            return CompletableFuture.supplyAsync(question, loop).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("the configuration is given up").initCause(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw unchecked(cause == null ? e : cause);
        }
    }

    /** What came of a task that is over; throws what it has thrown. */
    public static <T> T result(CompletableFuture<T> over) {
        if (over.isCompletedExceptionally()) {
            throw unchecked(over.exceptionNow());
        }
        return over.resultNow();
    }

    /** What a task that declares no exception has thrown, to be thrown on. */
    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException e ? e : new IllegalStateException(thrown);
    }

    /** Gives up what is compiled, what waits and what comes later; nobody is told. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
