package dev.attache.proxy.worker;

import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.overload.WorkerOverload;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A worker as the rooms of the data plane see it: its loop, its clock, its timers, its randomness.
 * Owned by the engine; lives as long as the process serves. Loop-confined except {@link #index()}
 * and {@link #eventLoop()}.
 */
public interface WorkerContext {

    /** 0-based; also the index of this worker's stat cells. The main thread has none. */
    int index();

    /** The Netty loop; {@code execute} is the only way in from another thread. */
    EventLoop eventLoop();

    /**
     * Runs {@code task} soon, but not before the loop has looked at its other connections: for who
     * has done his share of this turn and has more to do. The task must not throw.
     */
    default void inNextTurn(Runnable task) {
        // Not execute(): the loop would go on with it before it asks what else has arrived.
        Future<?> unused = eventLoop().schedule(task, 1, TimeUnit.NANOSECONDS);
    }

    /**
     * Runs {@code task} once what has come in this turn is handled. The task must not throw. On the
     * loop.
     */
    default void atTurnEnd(Runnable task) {
        eventLoop().execute(task);
    }

    /** Timers of this loop: slots in a wheel, no allocation to arm or cancel one. */
    Timers timers();

    /** Monotonic nanoseconds, read once per loop turn or later. */
    long nanoTime();

    /**
     * When that came which is being handled: one look at {@link #nanoTime()} for all that a read
     * brings. Now, where nothing that was read is being handled.
     */
    default long arrivalNanos() {
        return nanoTime();
    }

    /**
     * Told by a connection.
     *
     * @param begins what has just been read is about to be handled; false: it is handled
     */
    default void handling(boolean begins) {}

    /** Pooled, direct. */
    ByteBufAllocator allocator();

    /** What this worker holds for its peers. */
    WorkerMemory memory();

    /** The next value of this worker's pseudo-random sequence (all 64 bits). */
    long random();

    /** What overload asks of this worker. */
    WorkerOverload overload();

    /**
     * Whether this process is to answer that it is not healthy: {@code /healthcheck/fail} was
     * called.
     */
    default boolean healthCheckFailed() {
        return false;
    }
}
