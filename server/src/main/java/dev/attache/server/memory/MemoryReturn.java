package dev.attache.server.memory;

import dev.attache.proxy.engine.Engine;
import dev.attache.xds.MainLoop;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives memory back to the system once a wave of load is over: what peers made the workers hold
 * stays with the heap and with Netty's arenas otherwise, as the heap shrinks at full collections
 * alone and an idle process has none. One collection for each wave, some seconds after it; a
 * process that serves steadily never pays for one. Main loop only.
 */
public final class MemoryReturn implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** A wave is what takes this part of the heap, or of direct memory. */
    private static final int WAVE_PART = 16;

    /** And it is over when no more than this part of its highest is left, so many looks on end. */
    private static final int REST_PART = 4;

    private static final int QUIET_LOOKS = 3;

    /**
     * What the workers hold for peers.
     *
     * @param held in bytes
     * @param wave bytes from which on it is worth to give memory back
     */
    public record Watched(LongSupplier held, long wave) {

        /** {@code largest}: how much there may be in all, in bytes. */
        public static Watched of(long largest, LongSupplier held) {
            return new Watched(held, largest / WAVE_PART);
        }
    }

    private final MainLoop main;
    private final Wave heap;
    private final Wave direct;
    private final Runnable collect;
    private final Runnable trim;
    private MainLoop.@Nullable Timer timer;
    private boolean closed;

    /** For what the workers of {@code engine} hold. */
    public static MemoryReturn of(Engine engine, MainLoop main) {
        return new MemoryReturn(
                main,
                Watched.of(Runtime.getRuntime().maxMemory(), engine::heapHeldForPeers),
                Watched.of(PeerBudget.largestDirect(), engine::directHeldForPeers),
                System::gc,
                engine::trimBuffers);
    }

    /**
     * @param collect a full collection, after which the heap shrinks
     * @param trim makes the workers give up the buffers that they keep in reserve
     */
    public MemoryReturn(
            MainLoop main, Watched heap, Watched direct, Runnable collect, Runnable trim) {
        this.main = main;
        this.heap = new Wave(heap);
        this.direct = new Wave(direct);
        this.collect = collect;
        this.trim = trim;
    }

    /** Looks at intervals from now on. */
    public void start() {
        timer = main.schedule(INTERVAL, this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        boolean ofHeap = heap.isOver();
        if (direct.isOver() || ofHeap) {
            trim.run();
        }
        if (ofHeap) {
            collect.run();
        }
        start();
    }

    @Override
    public void close() {
        closed = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** The highest since memory was given back last. */
    private static final class Wave {
        private final Watched watched;
        private long highest;
        private int quiet;

        Wave(Watched watched) {
            this.watched = watched;
        }

        /** True once for each wave. */
        boolean isOver() {
            long now = watched.held().getAsLong();
            highest = Math.max(highest, now);
            if (highest < watched.wave() || now > highest / REST_PART) {
                quiet = 0;
                return false;
            }
            if (++quiet < QUIET_LOOKS) {
                return false;
            }
            highest = now;
            quiet = 0;
            return true;
        }
    }
}
