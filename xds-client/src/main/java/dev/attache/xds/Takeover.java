package dev.attache.xds;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An update that its watcher takes over piece by piece. Main loop only. */
@FunctionalInterface
public interface Takeover {

    /**
     * Does a small piece of what is left, and says what came of the whole once nothing is; not
     * called again then. An exception counts as a rejection with its message and is the end too.
     */
    @Nullable UpdateOutcome step();

    /**
     * What another thread has to complete before the next step, or null where there is nothing to
     * wait for. Asked after a step; however it completes, the next step follows.
     */
    default @Nullable CompletableFuture<?> awaits() {
        return null;
    }

    /**
     * Does all that is left, for those who know that it waits for nobody.
     *
     * @throws IllegalStateException if it waits for another thread
     */
    default UpdateOutcome finish() {
        while (true) {
            CompletableFuture<?> awaited = awaits();
            if (awaited != null && !awaited.isDone()) {
                throw new IllegalStateException("the update waits for another thread");
            }
            UpdateOutcome outcome = step();
            if (outcome != null) {
                return outcome;
            }
        }
    }
}
