package dev.attache.server.plane;

import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.RootsTakeover;
import dev.attache.server.plane.version.VersionedResources;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A response of LDS on its way into the store. Main loop only. */
final class ListenerResponse extends RootsTakeover<Listener, Compilation<ListenerParts>> {

    private final ListenerStore store;
    private final VersionedResources<Listener, Compilation<ListenerParts>, ?> listeners;
    private final String version;

    ListenerResponse(
            ListenerStore store,
            VersionedResources<Listener, Compilation<ListenerParts>, ?> listeners,
            List<XdsResource> changed,
            List<String> removed,
            String version) {
        super(listeners, changed, removed, true);
        this.store = store;
        this.listeners = listeners;
        this.version = version;
    }

    @Override
    protected Lease begin() {
        return store.begin();
    }

    @Override
    protected void remove(String name) {
        store.remove(name);
    }

    @Override
    protected UpdateOutcome refuse(String reason) {
        store.settleFirstUpdate();
        return UpdateOutcome.rejected(reason);
    }

    @Override
    protected void taken() {
        store.settleFirstUpdate();
    }

    /**
     * Publishes at once, so that an address that cannot be bound is part of the answer. What a
     * worker cannot open is known later: the listener's error state says it, as after warming.
     */
    @Override
    protected @Nullable UpdateOutcome end() {
        if (store.openNext()) {
            return null;
        }
        Map<String, String> cannotServe = store.publishAtOnce();
        changed.forEach(resource -> {
            String reason = cannotServe.get(resource.name());
            if (reason != null) {
                errors.putIfAbsent(resource.name(), reason);
            }
        });
        if (errors.isEmpty()) {
            listeners.accept(version);
            return UpdateOutcome.ACCEPTED;
        }
        StringBuilder message = new StringBuilder("Error adding/updating listener(s) ");
        errors.forEach(
                (name, reason) -> message.append(name).append(": ").append(reason).append('\n'));
        return UpdateOutcome.rejected(message.toString());
    }
}
