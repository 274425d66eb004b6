package dev.attache.agent.health;

import dev.attache.agent.relay.Health;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers in a row and says when the state changes, as {@code
 * pkg/istio-agent/health/health_check.go} does. One thread.
 */
final class Thresholds {
    private final int successes;
    private final int failures;
    private int well;
    private int unwell;
    private @Nullable Boolean state;

    Thresholds(int successes, int failures) {
        this.successes = successes;
        this.failures = failures;
    }

    /** What to report after one more good answer, null for nothing. */
    @Nullable Health success() {
        well++;
        unwell = 0;
        if (well != successes || Boolean.TRUE.equals(state)) {
            return null;
        }
        well = 0;
        state = true;
        return Health.WELL;
    }

    /** What to report after one more bad answer, null for nothing. */
    @Nullable Health failure(String why) {
        unwell++;
        well = 0;
        if (unwell != failures || Boolean.FALSE.equals(state)) {
            return null;
        }
        unwell = 0;
        state = false;
        return Health.unwell(why);
    }
}
