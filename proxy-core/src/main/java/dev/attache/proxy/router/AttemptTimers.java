package dev.attache.proxy.router;

import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/** How long one attempt may take. Owned by the attempt; loop-confined. */
final class AttemptTimers {

    private final WorkerContext worker;
    private final FilterContext context;
    private final Forwarding owner;
    private final UpstreamRequest attempt;
    private @Nullable Timer perTry;
    private @Nullable Timer perTryIdle;
    private @Nullable Timer maxDuration;
    private long perTryIdleMillis;

    AttemptTimers(
            WorkerContext worker,
            FilterContext context,
            Forwarding owner,
            UpstreamRequest attempt) {
        this.worker = worker;
        this.context = context;
        this.owner = owner;
        this.attempt = attempt;
    }

    /** Once the request is whole and there is a stream for it; a second time means nothing. */
    void arm(RequestTimeouts timeouts) {
        if (perTry != null || perTryIdle != null) {
            return;
        }
        if (timeouts.perTry() > 0) {
            perTry = start(() -> owner.onPerTryTimeout(attempt, false), timeouts.perTry());
        }
        if (timeouts.perTryIdle() > 0) {
            perTryIdleMillis = timeouts.perTryIdle();
            perTryIdle = start(() -> owner.onPerTryTimeout(attempt, true), perTryIdleMillis);
        }
    }

    /**
     * @param millis of the stream, whatever happens on it; 0 = without limit
     */
    void limit(long millis) {
        if (millis > 0) {
            maxDuration = start(() -> owner.onMaxDuration(attempt), millis);
        }
    }

    private Timer start(Runnable onExpiry, long millis) {
        Timer timer = context.timer(onExpiry);
        worker.timers().schedule(timer, millis);
        return timer;
    }

    void activity() {
        if (perTryIdle != null) {
            worker.timers().schedule(perTryIdle, perTryIdleMillis);
        }
    }

    /** The response has begun. */
    void answered() {
        cancel(perTry);
    }

    /** What follows is another protocol, which has the time it wants. */
    void switched() {
        cancel(perTry);
        cancel(perTryIdle);
        perTryIdle = null;
    }

    void cancel() {
        cancel(perTry);
        cancel(perTryIdle);
        cancel(maxDuration);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
