package dev.attache.proxy.upstream.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * How many requests began within the last interval, over all workers: what a retry budget with
 * {@code budget_interval} goes by. As in Envoy the interval is kept in ten pieces, so that a
 * request is forgotten when its piece is, up to a tenth of the interval early.
 *
 * <p>Each worker writes pieces of its own; whoever asks reads all of them.
 */
final class RecentRequests {
    private static final int PIECES = 10;
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    /** Per worker: the number of each piece, then its count, and room to a cache line's end. */
    private final long[][] cells;

    private final long pieceNanos;
    private final LongSupplier clockNanos;
    private final long startNanos;

    /**
     * @param intervalMillis more than 0
     * @param clockNanos monotonic; asked by any worker
     */
    RecentRequests(long intervalMillis, int workers, LongSupplier clockNanos) {
        this.cells = new long[workers][32];
        this.pieceNanos = Math.multiplyExact(intervalMillis, 1_000_000L / PIECES);
        this.clockNanos = clockNanos;
        this.startNanos = clockNanos.getAsLong();
    }

    /** The worker of that index: a request began. */
    void add(int worker) {
        long[] cell = cells[worker];
        long piece = now();
        int at = (int) (piece % PIECES);
        boolean same = cell[at] == piece;
        ELEMENT.setOpaque(cell, PIECES + at, same ? cell[PIECES + at] + 1 : 1);
        if (!same) {
            ELEMENT.setRelease(cell, at, piece);
        }
    }

    /** Any thread. */
    long count() {
        long oldest = now() - PIECES + 1;
        long sum = 0;
        for (long[] cell : cells) {
            for (int i = 0; i < PIECES; i++) {
                if ((long) ELEMENT.getAcquire(cell, i) >= oldest) {
                    sum += (long) ELEMENT.getOpaque(cell, PIECES + i);
                }
            }
        }
        return sum;
    }

    /** The number of the piece that runs now; the first is higher than what nobody has written. */
    private long now() {
        return PIECES + (clockNanos.getAsLong() - startNanos) / pieceNanos;
    }
}
