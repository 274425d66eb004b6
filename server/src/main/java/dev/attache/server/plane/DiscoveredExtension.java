package dev.attache.server.plane;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.OnceLease;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.ConfigSourceException;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One filter of ECDS: its subscription, what has come, and who uses it. Main loop only. */
final class DiscoveredExtension implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("filter");

    private final ExtensionStore store;
    private final ExtensionDiscovery.Key key;
    private final String name;
    private final Scope scope;
    private final StatsStore.Hold hold;
    private final Counter reload;
    private final Counter fail;
    private final Counter conflict;
    private final List<ExtensionDiscovery> users = new ArrayList<>();

    /** Where the users have it: each place has a filter of its own. */
    private final Map<SharedSlot<DiscoveredFilter>, ExtensionPlace> places =
            new IdentityHashMap<>();

    private Runnable whenUnused = () -> {};

    /** Nobody waits for the first configuration any longer. */
    private boolean ready;

    private @Nullable Subscription subscription;
    private @Nullable StoredVersion active;

    /** What is active, for places that come later. */
    private @Nullable TypedExtensionConfig config;

    DiscoveredExtension(ExtensionStore store, ExtensionDiscovery first) {
        this.store = store;
        this.key = first.key();
        this.name = first.name();
        StatsStore stats = store.plane().stats();
        String prefix = "extension_config_discovery." + first.kind().stat() + "." + name + ".";
        this.hold = stats.hold(prefix);
        this.scope = stats.scope(prefix);
        this.reload = scope.counter("config_reload");
        this.fail = scope.counter("config_fail");
        this.conflict = scope.counter("config_conflict");
    }

    /** Runs when its last user is gone, or it cannot be subscribed. */
    void whenUnused(Runnable action) {
        whenUnused = action;
    }

    /** Nothing is left of it where that throws. */
    void subscribe(Subscriber subscriber, ConfigSource source) {
        try {
            subscription =
                    subscriber.subscribe(
                            source,
                            ResourceType.EXTENSION_CONFIG,
                            Set.of(name),
                            this,
                            new ScopedSubscriptionStats(scope));
        } catch (Throwable e) {
            drop();
            throw e;
        }
    }

    /** The user is none where that throws. */
    Lease lease(ExtensionDiscovery discovery, Runnable whenReady) {
        users.add(discovery);
        ExtensionPlace place = places.computeIfAbsent(discovery.slot(), ExtensionPlace::new);
        Lease lease = new OnceLease(() -> leave(discovery, place, whenReady));
        if (place.uses++ == 0) {
            try {
                fill(place, discovery);
            } catch (Throwable e) {
                lease.close();
                throw e;
            }
        }
        if (discovery.waits()) {
            place.await(whenReady);
        } else {
            whenReady.run();
        }
        return lease;
    }

    private void leave(ExtensionDiscovery discovery, ExtensionPlace place, Runnable whenReady) {
        place.forget(whenReady);
        users.remove(discovery);
        if (--place.uses == 0) {
            places.remove(discovery.slot());
            place.close();
        }
        if (users.isEmpty()) {
            drop();
        }
    }

    /** Brings what is there to a new place. */
    private void fill(ExtensionPlace place, ExtensionDiscovery user) {
        TypedExtensionConfig known = config;
        if (known == null) {
            if (ready) {
                place.becomeReady();
            }
            return;
        }
        ExtensionVersion version = compile(known, user, place);
        if (version == null) {
            conflict.inc();
            place.becomeReady();
            return;
        }
        try {
            version.ask();
        } catch (Throwable e) {
            version.close();
            throw e;
        }
        place.become(version);
        version.warm();
    }

    /** What a new place makes of a configuration; null, with the reason told, if nothing. */
    private @Nullable ExtensionVersion compile(
            TypedExtensionConfig known, ExtensionDiscovery user, ExtensionPlace place) {
        try {
            return ExtensionVersion.of(store, key, known, List.of(user), place::becomeReady);
        } catch (ExtensionVersion.Unfit e) {
            LOG.debug(
                    "ECDS subscription {} is invalid in a listener context: {}.",
                    name,
                    e.getMessage());
            return null;
        }
    }

    StoredResource stored() {
        return new StoredResource(name, false, active, null, null);
    }

    private void drop() {
        whenUnused.run();
        if (subscription != null) {
            subscription.close();
        }
        hold.close();
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String responseVersion) {
        if (resources.size() != 1) {
            return UpdateOutcome.rejected(
                    "Unexpected number of resources in ExtensionConfigDS response: "
                            + resources.size());
        }
        return take(resources.getFirst());
    }

    @Override
    public UpdateOutcome onDelta(
            List<XdsResource> changed, List<String> removed, String responseVersion) {
        if (!removed.isEmpty()) {
            LOG.debug("Removing filter config {}", name);
            places.values().forEach(place -> place.become(null));
            active = null;
            config = null;
            applied();
            ready = true;
            List.copyOf(places.values()).forEach(ExtensionPlace::becomeReady);
            return UpdateOutcome.ACCEPTED;
        }
        return changed.isEmpty() ? UpdateOutcome.ACCEPTED : onState(changed, responseVersion);
    }

    private UpdateOutcome take(XdsResource resource) {
        if (!resource.name().equals(name)) {
            return UpdateOutcome.rejected(
                    "Unexpected resource name in ExtensionConfigDS response: " + resource.name());
        }
        StoredVersion known = active;
        if (known != null && known.body().equals(resource.body())) {
            // As in Envoy what is the same keeps the version that it came with.
            return UpdateOutcome.ACCEPTED;
        }
        TypedExtensionConfig next;
        try {
            next = TypedExtensionConfig.parseFrom(resource.body().getValue());
        } catch (InvalidProtocolBufferException e) {
            return UpdateOutcome.rejected(
                    "unreadable filter config '" + name + "': " + e.getMessage());
        }
        Map<ExtensionPlace, ExtensionVersion> versions;
        try {
            versions = versions(next);
        } catch (ExtensionVersion.Unfit | ConfigSourceException e) {
            return UpdateOutcome.rejected(String.valueOf(e.getMessage()));
        }
        LOG.debug("Updated filter config {} accepted, posting to workers", name);
        active = new StoredVersion(resource.body(), resource.version(), store.plane().loop().now());
        config = next;
        adopt(versions);
        return UpdateOutcome.ACCEPTED;
    }

    /** What each place makes of it, with all of that asked for; nothing is left where it throws. */
    private Map<ExtensionPlace, ExtensionVersion> versions(TypedExtensionConfig next)
            throws ExtensionVersion.Unfit {
        Map<ExtensionPlace, ExtensionVersion> versions = new LinkedHashMap<>();
        try {
            for (ExtensionPlace place : places.values()) {
                // All users agree, or none gets it.
                versions.put(
                        place, ExtensionVersion.of(store, key, next, users, place::becomeReady));
            }
            versions.values().forEach(ExtensionVersion::ask);
            return versions;
        } catch (Throwable e) {
            versions.values().forEach(ExtensionVersion::close);
            throw e;
        }
    }

    /** From now on these count; what connections under way need of the last ones stays a while. */
    private void adopt(Map<ExtensionPlace, ExtensionVersion> versions) {
        versions.forEach(ExtensionPlace::become);
        applied();
        LOG.debug("Updated filter config {} created, warming done", name);
        versions.values().forEach(ExtensionVersion::warm);
    }

    private void applied() {
        reload.inc();
        LOG.debug("Filter config {} worker update complete", name);
    }

    /** Nobody waits for a control plane that cannot be reached, either. */
    @Override
    public void onFailure(FetchFailure reason, String detail) {
        LOG.debug("Updating filter config {} failed due to {}", name, reason.ordinal());
        fail.inc();
        ready = true;
        List.copyOf(places.values()).forEach(ExtensionPlace::giveUp);
    }
}
