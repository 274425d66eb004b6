package dev.attache.filters.http.health_check;

import org.jspecify.annotations.Nullable;

/**
 * The last answer to a health check that was passed on. Of one configuration, shared by all
 * workers; any thread.
 *
 * <p>Time goes in steps of {@code cache_time} from when the configuration was made, and an answer
 * counts for the rest of the step in which it came, as in Envoy, where a timer that runs all the
 * time throws it away.
 */
final class AnswerCache {

    /**
     * @param step in which it came
     */
    record Answer(int status, boolean degraded, long step) {}

    private final long stepNanos;
    private final long beginNanos;
    private volatile @Nullable Answer last;

    /**
     * @param stepNanos above 0
     * @param beginNanos on the workers' clock
     */
    AnswerCache(long stepNanos, long beginNanos) {
        this.stepNanos = stepNanos;
        this.beginNanos = beginNanos;
    }

    /** The answer that still counts, or null. */
    @Nullable Answer current(long nowNanos) {
        Answer known = last;
        return known != null && known.step() == step(nowNanos) ? known : null;
    }

    void put(int status, boolean degraded, long nowNanos) {
        last = new Answer(status, degraded, step(nowNanos));
    }

    private long step(long nowNanos) {
        return Math.floorDiv(nowNanos - beginNanos, stepNanos);
    }
}
