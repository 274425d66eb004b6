package dev.attache.server.plane;

import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.discovered.DiscoveredFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place of a resource in which a discovered filter stands, and what stands there now. What a
 * filter counts or holds is its place's own, as in Envoy. Main loop only.
 */
final class ExtensionPlace {

    private final SharedSlot.Lease<DiscoveredFilter> filter;
    private final List<Runnable> waiting = new ArrayList<>();
    private @Nullable ExtensionVersion version;
    private boolean ready;

    /** By how many versions of the resource. */
    int uses;

    ExtensionPlace(SharedSlot<DiscoveredFilter> slot) {
        this.filter = slot.lease();
    }

    /** Runs the action once a first configuration is warm or not waited for; perhaps at once. */
    void await(Runnable whenReady) {
        if (ready) {
            whenReady.run();
        } else {
            waiting.add(whenReady);
        }
    }

    void forget(Runnable whenReady) {
        waiting.remove(whenReady);
    }

    /** Whatever comes later, nobody waits for it here. */
    void becomeReady() {
        ready = true;
        List<Runnable> run = List.copyOf(waiting);
        waiting.clear();
        run.forEach(Runnable::run);
    }

    /** Nobody waits here for a first configuration; for what one needs that has come, they do. */
    void giveUp() {
        if (version == null) {
            becomeReady();
        }
    }

    /**
     * From now on this counts; what connections under way need of the last one stays a while. Who
     * waited for the last one waits for this.
     */
    void become(@Nullable ExtensionVersion next) {
        ExtensionVersion last = version;
        version = next;
        filter.value().become(next == null ? null : next.parts().filter());
        if (last != null) {
            last.closeDrained();
        }
    }

    void close() {
        ExtensionVersion last = version;
        version = null;
        if (last != null) {
            last.close();
        }
        filter.close();
    }
}
