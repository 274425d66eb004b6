package dev.attache.filters.jwks;

import dev.attache.proxy.stats.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Counts the fetches of the main loop. They begin before it is known under which name: that comes
 * with the first worker that opens the filter. Any thread.
 */
public final class FetchCounts {

    private @Nullable Counter succeeded;
    private @Nullable Counter failed;
    private long earlySuccesses;
    private long earlyFailures;

    synchronized void count(boolean success) {
        Counter counter = success ? succeeded : failed;
        if (counter != null) {
            counter.inc();
        } else if (success) {
            earlySuccesses++;
        } else {
            earlyFailures++;
        }
    }

    /** The counters from now on; what was counted before is added to the first. */
    public synchronized void into(Counter successes, Counter failures) {
        if (succeeded == null) {
            successes.add(earlySuccesses);
            failures.add(earlyFailures);
        }
        succeeded = successes;
        failed = failures;
    }
}
