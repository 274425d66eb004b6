package dev.attache.server.plane;

import dev.attache.config.Compiled;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.Warmup;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Filters whose configurations come by ECDS. Those who use the same one of the same source share a
 * subscription, and an update is taken by all of them or by none. Main loop only.
 */
public final class ExtensionStore {

    /** What makes filters of what comes. Main loop. */
    @FunctionalInterface
    interface Compiler {
        Compiled<DiscoveredParts> compile(FilterKind kind, TypedExtensionConfig config);
    }

    /** Asks for route configurations, as {@link RouteStore#use}. */
    @FunctionalInterface
    interface Routes {
        Lease use(String name, ConfigSource source, String statPrefix, Runnable whenReady);
    }

    private final PlaneContext plane;
    private final Subscriber subscriber;
    private final Routes routes;
    private final Compiler compiler;

    /** Of each kind that has been used, in the order of the dump. */
    private final Map<FilterKind, Map<ExtensionDiscovery.Key, DiscoveredExtension>> entries =
            new EnumMap<>(FilterKind.class);

    ExtensionStore(PlaneContext plane, Subscriber subscriber, Routes routes, Compiler compiler) {
        this.plane = plane;
        this.subscriber = subscriber;
        this.routes = routes;
        this.compiler = compiler;
    }

    /**
     * Uses a filter.
     *
     * @param whenReady runs when its configuration is there, or is not waited for; perhaps at once
     */
    Lease use(ExtensionDiscovery discovery, Runnable whenReady) {
        Map<ExtensionDiscovery.Key, DiscoveredExtension> known =
                entries.computeIfAbsent(discovery.kind(), kind -> new LinkedHashMap<>());
        ExtensionDiscovery.Key key = discovery.key();
        DiscoveredExtension entry = known.get(key);
        if (entry == null) {
            DiscoveredExtension fresh = new DiscoveredExtension(this, discovery);
            known.put(key, fresh);
            fresh.whenUnused(() -> known.remove(key, fresh));
            fresh.subscribe(subscriber, discovery.source());
            entry = fresh;
        }
        return entry.lease(discovery, whenReady);
    }

    /**
     * Uses all of a resource's filters.
     *
     * @param warmup waits for those that are waited for
     * @param leases gets one of each, of those before it too where one throws
     */
    void useAll(List<ExtensionDiscovery> discoveries, Warmup warmup, List<Lease> leases) {
        for (ExtensionDiscovery discovery : discoveries) {
            Warmup.Target target =
                    warmup.expect("FilterConfigSubscription init " + discovery.name());
            leases.add(use(discovery, target::ready));
        }
    }

    /** Uses the routes among what a filter waits for; as {@link #useAll}. */
    void useRoutes(List<ResourceDependency> dependencies, Warmup warmup, List<Lease> leases) {
        for (ResourceDependency dependency : dependencies) {
            if (dependency.typeUrl().equals(ResourceType.ROUTE.typeUrl())) {
                Warmup.Target target =
                        warmup.expect("RdsRouteConfigSubscription " + dependency.name());
                leases.add(
                        routes.use(
                                dependency.name(),
                                dependency.source(),
                                dependency.statPrefix(),
                                target::ready));
            }
        }
    }

    /** What {@code /config_dump} shows of each kind that has been used. */
    public Map<FilterKind, List<StoredResource>> stored() {
        Map<FilterKind, List<StoredResource>> stored = new EnumMap<>(FilterKind.class);
        entries.forEach((kind, all) ->
                stored.put(kind, all.values().stream().map(DiscoveredExtension::stored).toList()));
        return stored;
    }

    PlaneContext plane() {
        return plane;
    }

    Compilation<DiscoveredParts> compile(FilterKind kind, TypedExtensionConfig config) {
        return Compilation.of(
                "extension '" + config.getName() + "'", () -> compiler.compile(kind, config));
    }
}
