package dev.attache.xds;

import org.jspecify.annotations.Nullable;

/** An update that its watcher takes over piece by piece. Main loop only. */
@FunctionalInterface
public interface Takeover {

    /**
     * Does a small piece of what is left, and says what came of the whole once nothing is; not
     * called again then. An exception counts as a rejection with its message and is the end too.
     */
    @Nullable UpdateOutcome step();

    /** Does all that is left. */
    default UpdateOutcome finish() {
        UpdateOutcome outcome = step();
        while (outcome == null) {
            outcome = step();
        }
        return outcome;
    }
}
