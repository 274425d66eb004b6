package dev.attache.server.plane;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.compile.DiscoveredParts;
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
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.List;
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
    private final SharedSlot.Lease<DiscoveredFilter> filter;
    private final List<ExtensionDiscovery> users = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private Runnable whenUnused = () -> {};
    private boolean ready;
    private @Nullable Subscription subscription;
    private @Nullable StoredVersion active;
    private @Nullable ExtensionVersion version;

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
        this.filter = first.slot().lease();
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

    Lease lease(ExtensionDiscovery discovery, Runnable whenReady) {
        users.add(discovery);
        DiscoveredFilter.Found found = filter.value().current();
        if (found != null && !discovery.fits(found)) {
            LOG.debug("ECDS subscription {} is invalid in a listener context.", name);
            conflict.inc();
        }
        if (ready || !discovery.waits()) {
            whenReady.run();
        } else {
            waiting.add(whenReady);
        }
        return new OnceLease(() -> {
            waiting.remove(whenReady);
            users.remove(discovery);
            if (users.isEmpty()) {
                drop();
            }
        });
    }

    StoredResource stored() {
        return new StoredResource(name, false, active, null, null);
    }

    private void drop() {
        whenUnused.run();
        if (subscription != null) {
            subscription.close();
        }
        ExtensionVersion last = version;
        version = null;
        if (last != null) {
            last.close();
        }
        filter.close();
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
            become(null, null);
            active = null;
            becomeReady();
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
        TypedExtensionConfig config;
        try {
            config = TypedExtensionConfig.parseFrom(resource.body().getValue());
        } catch (InvalidProtocolBufferException e) {
            return UpdateOutcome.rejected(
                    "unreadable filter config '" + name + "': " + e.getMessage());
        }
        String problem = config.hasTypedConfig() ? problem(config) : null;
        return problem == null ? take(resource, config) : UpdateOutcome.rejected(problem);
    }

    /** Why one of the users has no place for a configuration of this type, or null. */
    private @Nullable String problem(TypedExtensionConfig config) {
        String type = CompileContext.messageType(config.getTypedConfig());
        for (ExtensionDiscovery user : users) {
            String problem = user.problem(type);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private UpdateOutcome take(XdsResource resource, TypedExtensionConfig config) {
        Compilation<DiscoveredParts> compilation = store.compile(key.kind(), config);
        Compiled<DiscoveredParts> compiled = compilation.result();
        if (compiled instanceof Compiled.Rejected<DiscoveredParts> rejected) {
            compilation.secrets().close();
            return UpdateOutcome.rejected(rejected.summary());
        }
        DiscoveredParts parts = compiled.orThrow();
        for (ExtensionDiscovery user : users) {
            String problem = user.problem(parts.extension(), parts.filter().terminal());
            if (problem != null) {
                compilation.secrets().close();
                return UpdateOutcome.rejected(problem);
            }
        }
        compiled.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
        LOG.debug("Updated filter config {} accepted, posting to workers", name);
        active = new StoredVersion(resource.body(), resource.version(), store.plane().loop().now());
        ExtensionVersion next =
                new ExtensionVersion(store, name, parts, compilation.secrets(), this::becomeReady);
        become(parts.filter(), next);
        LOG.debug("Updated filter config {} created, warming done", name);
        next.start();
        return UpdateOutcome.ACCEPTED;
    }

    /** From now on this counts; what connections under way need of the last one stays a while. */
    private void become(DiscoveredFilter.@Nullable Found found, @Nullable ExtensionVersion next) {
        ExtensionVersion last = version;
        version = next;
        filter.value().become(found);
        if (last != null) {
            last.closeDrained();
        }
        reload.inc();
        LOG.debug("Filter config {} worker update complete", name);
    }

    /** Nobody waits for a control plane that cannot be reached, either. */
    @Override
    public void onFailure(FetchFailure reason, String detail) {
        LOG.debug("Updating filter config {} failed due to {}", name, reason.ordinal());
        fail.inc();
        becomeReady();
    }

    private void becomeReady() {
        ready = true;
        List<Runnable> run = new ArrayList<>(waiting);
        waiting.clear();
        run.forEach(Runnable::run);
    }
}
