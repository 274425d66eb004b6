package dev.attache.server.plane;

import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.discovered.DiscoveredFilter;
import org.jspecify.annotations.Nullable;

/**
 * One place of a resource in which a discovered filter stands, and what stands there now. What a
 * filter counts or holds is its place's own, as in Envoy. Main loop only.
 */
final class ExtensionPlace {

    private final SharedSlot.Lease<DiscoveredFilter> filter;
    private @Nullable ExtensionVersion version;

    /** By how many versions of the resource. */
    int uses;

    ExtensionPlace(SharedSlot<DiscoveredFilter> slot) {
        this.filter = slot.lease();
    }

    /** From now on this counts; what connections under way need of the last one stays a while. */
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
