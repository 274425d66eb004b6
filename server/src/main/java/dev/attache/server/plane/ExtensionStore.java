package dev.attache.server.plane;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.pipeline.DiscoveredFilter;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.OnceLease;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Preparations;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.plane.version.Warmup;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.client.Subscription;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Filters whose configurations come by ECDS. Those who use the same one of the same source share a
 * subscription, and an update is taken by all of them or by none. Main loop only.
 */
public final class ExtensionStore {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    /** What makes filters of what comes. Main loop. */
    @FunctionalInterface
    interface Compiler {
        Compiled<DiscoveredParts> compile(ExtensionCategory category, TypedExtensionConfig config);
    }

    private final PlaneContext plane;
    private final Subscriber subscriber;
    private final Compiler compiler;
    private final Map<ExtensionDiscovery.Key, Entry> entries = new LinkedHashMap<>();

    ExtensionStore(PlaneContext plane, Subscriber subscriber, Compiler compiler) {
        this.plane = plane;
        this.subscriber = subscriber;
        this.compiler = compiler;
    }

    /**
     * Uses a filter.
     *
     * @param whenReady runs when its configuration is there, or is not waited for; perhaps at once
     */
    Lease use(ExtensionDiscovery discovery, Runnable whenReady) {
        var key =
                new ExtensionDiscovery.Key(
                        discovery.category(), discovery.name(), discovery.source().toByteString());
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = new Entry(key, discovery);
            entries.put(key, entry);
            entry.subscribe(discovery);
        }
        return entry.lease(discovery, whenReady);
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        return entries.values().stream()
                .map(e -> new StoredResource(e.name, false, e.active, null, null))
                .toList();
    }

    private final class Entry implements ResourceWatcher {
        private final ExtensionDiscovery.Key key;
        private final String name;
        private final Scope scope;
        private final StatsStore.Hold hold;
        private final Counter reload;
        private final Counter fail;
        private final SharedSlot.Lease<DiscoveredFilter> filter;
        private final List<ExtensionDiscovery> users = new ArrayList<>();
        private final List<Runnable> waiting = new ArrayList<>();
        private boolean ready;
        private @Nullable Subscription subscription;
        private @Nullable StoredVersion active;
        private @Nullable Preparations preparations;

        Entry(ExtensionDiscovery.Key key, ExtensionDiscovery first) {
            this.key = key;
            this.name = key.name();
            String prefix = "extension_config_discovery.http_filter." + name + ".";
            this.hold = plane.stats().hold(prefix);
            this.scope = plane.stats().scope(prefix);
            this.reload = scope.counter("config_reload");
            this.fail = scope.counter("config_fail");
            scope.counter("config_conflict");
            this.filter = first.slot().lease();
        }

        void subscribe(ExtensionDiscovery discovery) {
            subscription =
                    subscriber.subscribe(
                            discovery.source(),
                            ResourceType.EXTENSION_CONFIG,
                            Set.of(name),
                            this,
                            new ScopedSubscriptionStats(scope));
        }

        Lease lease(ExtensionDiscovery discovery, Runnable whenReady) {
            users.add(discovery);
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

        private void drop() {
            entries.remove(key, this);
            if (subscription != null) {
                subscription.close();
            }
            prepared(null);
            filter.close();
            hold.close();
        }

        @Override
        public UpdateOutcome onState(List<XdsResource> resources, String version) {
            if (resources.size() != 1) {
                return refuse(
                        "Unexpected number of resources in ExtensionConfigDS response: "
                                + resources.size());
            }
            return take(resources.getFirst());
        }

        @Override
        public UpdateOutcome onDelta(
                List<XdsResource> changed, List<String> removed, String version) {
            if (removed.isEmpty()) {
                return onState(changed, version);
            }
            if (removed.size() != 1) {
                return refuse(
                        "Unexpected number of removed resources in ExtensionConfigDS response: "
                                + removed.size());
            }
            LOG.debug("ecds: remove filter config '{}'", name);
            filter.value().become(null);
            prepared(null);
            active = null;
            becomeReady();
            return UpdateOutcome.ACCEPTED;
        }

        private UpdateOutcome take(XdsResource resource) {
            if (!resource.name().equals(name)) {
                return refuse(
                        "Unexpected resource name in ExtensionConfigDS response: "
                                + resource.name());
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
                return refuse("unreadable filter config '" + name + "': " + e.getMessage());
            }
            String type =
                    config.hasTypedConfig()
                            ? CompileContext.messageType(config.getTypedConfig())
                            : "";
            for (ExtensionDiscovery user : users) {
                String problem = type.isEmpty() ? null : user.problem(type);
                if (problem != null) {
                    return refuse(problem);
                }
            }
            Compiled<DiscoveredParts> compiled = compiler.compile(key.category(), config);
            if (compiled instanceof Compiled.Rejected<DiscoveredParts> rejected) {
                return refuse(rejected.summary());
            }
            DiscoveredParts parts = compiled.orThrow();
            for (ExtensionDiscovery user : users) {
                String problem = user.problem(parts.type(), parts.spec().terminal());
                if (problem != null) {
                    return refuse(problem);
                }
            }
            compiled.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
            adopt(resource, parts);
            return UpdateOutcome.ACCEPTED;
        }

        private void adopt(XdsResource resource, DiscoveredParts parts) {
            filter.value().become(parts.spec());
            prepared(parts);
            active = new StoredVersion(resource.body(), resource.version(), plane.loop().now());
            reload.inc();
            LOG.debug("ecds: updated filter config '{}' to {}", name, resource.version());
            becomeReady();
        }

        /** What is prepared for a version lives as long as it serves; nobody waits for it. */
        private void prepared(@Nullable DiscoveredParts parts) {
            if (preparations != null) {
                preparations.close();
                preparations = null;
            }
            if (parts != null && !parts.preparations().isEmpty()) {
                Preparations next =
                        new Preparations(
                                parts.preparations(),
                                plane.preparing(),
                                plane.publisher()::afterPublishing);
                preparations = next;
                next.start(
                        new Warmup("filter config " + name, () -> {}),
                        why -> LOG.warn("filter config '{}': {}", name, why));
            }
        }

        /** What is refused is told as a failure, too. */
        private UpdateOutcome refuse(String reason) {
            return UpdateOutcome.rejected(reason);
        }

        /** Nobody waits for a control plane that cannot be reached, either. */
        @Override
        public void onFailure(FetchFailure reason, String detail) {
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
}
