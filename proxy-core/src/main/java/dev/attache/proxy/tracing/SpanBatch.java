package dev.attache.proxy.tracing;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The finished spans of one worker until they are sent: when enough of them are there, or when the
 * interval is over. Bounded; what finds no place is counted and lost. Loop-confined.
 *
 * @param <S> the tracer's kind of span
 */
public final class SpanBatch<S> {

    /**
     * When they are sent.
     *
     * @param spans so many at the latest
     * @param most what one batch may hold
     */
    public record Limits(int spans, int most, long intervalMillis) {}

    private final Limits limits;
    private final WorkerContext worker;
    private final Cell timerFlushed;
    private final Cell dropped;
    private final Consumer<List<S>> sender;
    private List<S> waiting = new ArrayList<>();
    private boolean closed;
    private final Timer interval =
            new Timer() {
                @Override
                protected void expire() {
                    timerFlushed.inc();
                    flush();
                    worker.timers().schedule(this, limits.intervalMillis());
                }
            };

    /**
     * @param timerFlushed counts intervals
     * @param dropped counts spans that found no place
     * @param sender takes what is to be sent, never an empty list
     */
    public SpanBatch(
            Limits limits,
            WorkerContext worker,
            Cell timerFlushed,
            Cell dropped,
            Consumer<List<S>> sender) {
        this.limits = limits;
        this.worker = worker;
        this.timerFlushed = timerFlushed;
        this.dropped = dropped;
        this.sender = sender;
        worker.timers().schedule(interval, limits.intervalMillis());
    }

    public void add(S span) {
        if (waiting.size() >= limits.most()) {
            dropped.inc();
            return;
        }
        waiting.add(span);
        if (closed || waiting.size() >= limits.spans()) {
            flush();
        }
    }

    private void flush() {
        if (!waiting.isEmpty()) {
            List<S> batch = waiting;
            waiting = new ArrayList<>(batch.size());
            sender.accept(batch);
        }
    }

    /** Sends what is there; a span that comes later goes by itself. */
    public void close() {
        closed = true;
        interval.cancel();
        flush();
    }
}
