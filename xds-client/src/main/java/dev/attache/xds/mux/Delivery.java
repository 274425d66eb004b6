package dev.attache.xds.mux;

import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response on its way to the watches that it concerns, one after the other. A watch that ends
 * before its turn gets nothing; one that has begun finishes. Main loop only.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final Iterator<WatchSet.Entry> entries;
    private final Predicate<WatchSet.Entry> watches;
    private final Function<WatchSet.Entry, Takeover> begin;
    private final List<String> errors = new ArrayList<>();
    private @Nullable ResourceWatcher watcher;
    private @Nullable Takeover takeover;

    /**
     * @param watches whether somebody still watches through an entry
     * @param begin hands an entry what is its part
     */
    Delivery(
            Collection<WatchSet.Entry> entries,
            Predicate<WatchSet.Entry> watches,
            Function<WatchSet.Entry, Takeover> begin) {
        this.entries = entries.iterator();
        this.watches = watches;
        this.begin = begin;
    }

    /** Does a piece of what is left; true when nothing is left. */
    boolean step() {
        Takeover underWay = takeover;
        if (underWay == null) {
            return !next();
        }
        UpdateOutcome outcome;
        try {
            outcome = underWay.step();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            outcome = failed(e);
        }
        if (outcome != null) {
            end(outcome);
        }
        return false;
    }

    /** What has to be complete before the next step, or null. */
    @Nullable CompletableFuture<?> awaits() {
        return takeover == null ? null : takeover.awaits();
    }

    /** The messages of the watches that refused. */
    List<String> errors() {
        return errors;
    }

    /** Whether there was one that still watches. */
    private boolean next() {
        while (entries.hasNext()) {
            WatchSet.Entry entry = entries.next();
            if (watches.test(entry)) {
                watcher = entry.watcher();
                try {
                    takeover = begin.apply(entry);
                } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                    end(failed(e));
                }
                return true;
            }
        }
        return false;
    }

    private static UpdateOutcome failed(Throwable e) {
        LOG.warn("a resource watcher failed on an update", e);
        return UpdateOutcome.rejected(String.valueOf(e.getMessage()));
    }

    private void end(UpdateOutcome outcome) {
        ResourceWatcher told = watcher;
        takeover = null;
        watcher = null;
        if (told != null && outcome instanceof UpdateOutcome.Rejected(String message)) {
            errors.add(message);
            told.onFailure(FetchFailure.UPDATE_REJECTED, message);
        }
    }
}
