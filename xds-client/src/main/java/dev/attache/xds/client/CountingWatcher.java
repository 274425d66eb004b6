package dev.attache.xds.client;

import dev.attache.xds.FetchFailure;
import dev.attache.xds.MainLoop;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.SubscriptionStats;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between mux and watcher: counts, and ends the wait for the first answer. As Envoy's {@code
 * GrpcSubscriptionImpl}. Main loop only.
 */
final class CountingWatcher implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final MainLoop loop;
    private final String typeUrl;
    private final ResourceWatcher watcher;
    private final SubscriptionStats stats;
    private MainLoop.@Nullable Timer firstFetch;
    private boolean closed;

    CountingWatcher(
            MainLoop loop, String typeUrl, ResourceWatcher watcher, SubscriptionStats stats) {
        this.loop = loop;
        this.typeUrl = typeUrl;
        this.watcher = watcher;
        this.stats = stats;
    }

    /** Starts the wait; zero waits for ever. */
    void start(Duration initialFetchTimeout) {
        stats.updateAttempt();
        if (!initialFetchTimeout.isZero()) {
            firstFetch = loop.schedule(initialFetchTimeout, this::fetchTimedOut);
        }
    }

    void close() {
        closed = true;
        firstFetchOver();
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        return takeState(resources, version).finish();
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        return takeDelta(changed, removed, version).finish();
    }

    @Override
    public Takeover takeState(List<XdsResource> resources, String version) {
        return begin(version, watcher.takeState(resources, version));
    }

    @Override
    public Takeover takeDelta(List<XdsResource> changed, List<String> removed, String version) {
        return begin(version, watcher.takeDelta(changed, removed, version));
    }

    @Override
    public void onUnchanged(String version) {
        stats.updateSuccess(version, loop.now());
        stats.updateAttempt();
        watcher.onUnchanged(version);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        if (closed) {
            return;
        }
        switch (reason) {
            case CONNECTION -> stats.updateFailure();
            case FETCH_TIMED_OUT -> stats.initFetchTimeout();
            case UPDATE_REJECTED -> {
                firstFetchOver();
                stats.updateRejected();
            }
        }
        stats.updateAttempt();
        watcher.onFailure(reason, detail);
    }

    private Takeover begin(String version, Takeover takeover) {
        firstFetchOver();
        return new Counted(version, takeover);
    }

    /** An update on its way, counted when it is accepted while somebody is subscribed. */
    private final class Counted implements Takeover {
        private final String version;
        private final Takeover takeover;
        private final long start = loop.nanoTime();

        Counted(String version, Takeover takeover) {
            this.version = version;
            this.takeover = takeover;
        }

        @Override
        public @Nullable UpdateOutcome step() {
            UpdateOutcome outcome = takeover.step();
            if (outcome instanceof UpdateOutcome.Accepted && !closed) {
                stats.updateSuccess(version, loop.now());
                stats.updateTook(Duration.ofNanos(loop.nanoTime() - start));
                stats.updateAttempt();
            }
            return outcome;
        }

        @Override
        public @Nullable CompletableFuture<?> awaits() {
            return takeover.awaits();
        }
    }

    private void fetchTimedOut() {
        firstFetch = null;
        LOG.warn("gRPC config: initial fetch timed out for {}", typeUrl);
        onFailure(FetchFailure.FETCH_TIMED_OUT, "initial fetch timed out");
    }

    private void firstFetchOver() {
        if (firstFetch != null) {
            firstFetch.cancel();
            firstFetch = null;
        }
    }
}
