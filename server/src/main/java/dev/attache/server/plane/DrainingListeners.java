package dev.attache.server.plane;

import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.xds.ResourceType;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code listener_manager.*} says of listeners and filter chains that leave: each counts for
 * the whole {@code --drain-time-s}, with connections or without. Main loop only.
 */
final class DrainingListeners {

    private final PlaneContext plane;
    private final Gauge listeners;
    private final Gauge chains;
    private final Counter updatedInPlace;

    DrainingListeners(PlaneContext plane, Scope scope) {
        this.plane = plane;
        this.listeners = scope.gauge("total_listeners_draining");
        this.chains = scope.gauge("total_filter_chains_draining");
        this.updatedInPlace = scope.counter("listener_in_place_updated");
        listeners.set(0);
        chains.set(0);
    }

    /** A listener leaves whole. */
    void listener(ListenerSpec leaving) {
        note(leaving, "listener", 1);
        forDrainTime(listeners, 1);
    }

    /** A listener goes on with other chains; those that are not in {@code after} leave. */
    void chains(ListenerSpec before, ListenerSpec after) {
        updatedInPlace.inc();
        Set<Object> leaving = fingerprints(before);
        leaving.removeAll(fingerprints(after));
        if (!leaving.isEmpty()) {
            note(before, "filter_chains", leaving.size());
            forDrainTime(chains, leaving.size());
        }
    }

    private void note(ListenerSpec leaving, String kind, int count) {
        Gauge open = plane.stats().scope(leaving.statScope()).gauge("downstream_cx_active");
        plane.history().drained(ResourceType.LISTENER, kind, leaving.name(), count, open.value());
    }

    private static Set<Object> fingerprints(ListenerSpec listener) {
        Set<Object> all = new HashSet<>();
        listener.filterChains().forEach(chain -> all.add(chain.fingerprint()));
        FilterChainSpec fallback = listener.defaultFilterChain();
        if (fallback != null) {
            all.add(fallback.fingerprint());
        }
        return all;
    }

    private void forDrainTime(Gauge gauge, long count) {
        gauge.add(count);
        plane.loop().schedule(plane.drainTime(), () -> gauge.add(-count));
    }
}
