package dev.attache.filter;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What a streaming filter may do on its stream, besides. On the stream's worker.
 *
 * <p>A filter that gives a message another shape answers {@link Step#DONE} for what it was shown
 * and passes on parts of its own, in the order head, body, end. A filter that changes how long a
 * body is takes {@code content-length} from the head, or sets it, before the head goes on.
 */
@Stable(since = "0.1")
public interface StreamingContext extends StreamContext {

    /** Goes on behind this filter after {@link Step#PAUSE}; without one nothing happens. */
    void resume(Direction direction);

    /** Lets the filter see the body although it holds the head: asked before it answers PAUSE. */
    void streamWhilePaused(Direction direction);

    /**
     * Passes on a head in place of one that this filter was shown (and answers DONE) or holds.
     *
     * @param end nothing follows; what still comes is dropped
     */
    void injectHeaders(Direction direction, Headers headers, boolean end);

    /**
     * Passes on a piece of body; a head that the filter holds, and body that it let go on and
     * holds, go first.
     *
     * @param data is copied
     * @param end nothing follows; what still comes is dropped
     * @throws IllegalStateException this filter has ended the message before
     */
    void inject(Direction direction, byte[] data, boolean end);

    /** The same of the bytes between position and limit, which are copied. */
    void inject(Direction direction, ByteBuffer data, boolean end);

    /** The same of a chunk that the filter was shown, without a copy; only during that call. */
    void inject(Direction direction, Chunk chunk, boolean end);

    /** Ends the message with trailers; what the filter holds goes first. */
    void injectTrailers(Direction direction, Headers trailers);

    /** How much is held for a filter that pauses or gathers a body, in bytes. */
    long bufferLimit();

    /** Changes that limit for the rest of this stream. */
    void bufferLimit(long bytes);

    /**
     * Stops reading from the source of that direction, until {@link #releaseSource}: for a filter
     * that keeps what it was shown. Each call asks for one release.
     */
    void holdSource(Direction direction);

    void releaseSource(Direction direction);

    /**
     * Calls {@code task} on the worker, once; not after the stream has ended.
     *
     * @param delay in steps of a millisecond
     */
    Cancellable after(Duration delay, Runnable task);

    /**
     * A request to a cluster. It ends with the stream.
     *
     * @param listener called on the worker, after this has returned; not after a cancel
     */
    Cancellable call(CallRequest request, CallListener listener);

    /**
     * The way back from other threads: a task runs on the worker, and not after the stream has
     * ended. May be used by any thread; ask for it on the worker.
     */
    Executor executor();
}
