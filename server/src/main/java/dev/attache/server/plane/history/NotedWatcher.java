package dev.attache.server.plane.history;

import com.google.protobuf.ByteString;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Notes what becomes of one resource that is asked for by its name. The bytes that it compares with
 * are those that the store holds, too. Main loop only.
 */
final class NotedWatcher implements ResourceWatcher {

    private final ResourceWatcher watcher;
    private final XdsHistory history;
    private @Nullable ByteString held;

    NotedWatcher(ResourceWatcher watcher, XdsHistory history) {
        this.watcher = watcher;
        this.history = history;
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
        return new Noted(watcher.takeState(resources, version), resources);
    }

    @Override
    public Takeover takeDelta(List<XdsResource> changed, List<String> removed, String version) {
        return new Noted(watcher.takeDelta(changed, removed, version), changed);
    }

    @Override
    public void onUnchanged(String version) {
        watcher.onUnchanged(version);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        watcher.onFailure(reason, detail);
    }

    /** One response on its way; of several resources the watcher takes the one of its name. */
    private final class Noted implements Takeover {
        private final Takeover takeover;
        private final List<XdsResource> resources;

        Noted(Takeover takeover, List<XdsResource> resources) {
            this.takeover = takeover;
            this.resources = resources;
        }

        @Override
        public @Nullable UpdateOutcome step() {
            UpdateOutcome outcome = takeover.step();
            if (outcome instanceof UpdateOutcome.Accepted && !resources.isEmpty()) {
                note(resources.getFirst());
            }
            return outcome;
        }

        @Override
        public @Nullable CompletableFuture<?> awaits() {
            return takeover.awaits();
        }
    }

    private void note(XdsResource resource) {
        ByteString bytes = resource.body().getValue();
        if (!bytes.equals(held)) {
            history.changed(resource.name(), held == null ? Change.ADDED : Change.CHANGED);
            held = bytes;
        }
    }
}
