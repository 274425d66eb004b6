package dev.attache.server.plane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.server.plane.compile.Compilers;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Preparations;
import dev.attache.server.plane.version.Recompilation;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import dev.attache.server.plane.version.VersionedResource;
import dev.attache.server.plane.version.VersionedResources;
import dev.attache.server.plane.version.Warmup;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners: the bootstrap's and those of LDS. A new version waits for its routes and secrets while
 * the previous one serves. Main loop only.
 *
 * <p>Longer than files here should be: what a version does next depends on all others of its name,
 * those that wait, serve, drain and failed.
 */
public final class ListenerStore implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final PlaneContext plane;
    private final Compilers compilers;
    private final Supplier<Predicate<String>> clusters;
    private final RouteStore routes;
    private final ExtensionStore extensions;
    private final Scope scope;
    private final VersionedResources<Listener, Compilation<ListenerParts>, Version> listeners;
    private final Gauge active;
    private final Gauge warming;
    private final Map<String, String> failedToServe = new LinkedHashMap<>();

    /** By name, what served before the active version, until workers have moved on. */
    private final Map<String, Version> replaced = new HashMap<>();

    private final BoundAddresses addresses = new BoundAddresses(this::bound);
    private final DrainingListeners draining;
    private boolean workersStarted;
    private boolean closed;

    /**
     * @param clusters which clusters there are, for one compilation on the thread that asks
     */
    ListenerStore(
            PlaneContext plane,
            Compilers compilers,
            Supplier<Predicate<String>> clusters,
            RouteStore routes,
            ExtensionStore extensions) {
        this.plane = plane;
        this.compilers = compilers;
        this.clusters = clusters;
        this.routes = routes;
        this.extensions = extensions;
        this.scope = plane.stats().scope("listener_manager.");
        this.listeners =
                new VersionedResources<>(
                        "listener", plane, scope, compilers::check, new Listeners());
        this.active = scope.gauge("total_listeners_active");
        this.warming = scope.gauge("total_listeners_warming");
        active.set(0);
        warming.set(0);
        this.draining = new DrainingListeners(plane, scope);
        scope.gauge("workers_started").set(0);
    }

    /** Adds a listener of the bootstrap; null, or why it is refused. */
    @Nullable String addStatic(Listener listener) {
        String name =
                listener.getName().isEmpty() ? UUID.randomUUID().toString() : listener.getName();
        Listener named = listener.toBuilder().setName(name).build();
        return listeners.addStatic(name, named);
    }

    /** Lets listeners ask for their routes. */
    void startDependencies(Warmup warmup) {
        for (VersionedResource<Version> listener : listeners.all()) {
            listener.whenSettled(warmup.expect("listener " + listener.name()));
        }
        listeners.all().forEach(ListenerStore::begin);
    }

    /** Runs once LDS has answered, or is not waited for any longer, and its listeners are warm. */
    void whenFirstUpdateSettled(Runnable action) {
        listeners.whenFirstUpdateSettled(action);
    }

    /** From now on warm listeners are published; before, they wait for all others. */
    void workersStarted() {
        workersStarted = true;
        scope.gauge("workers_started").set(1);
    }

    /** What serves, or shall serve once workers are started. */
    public Map<String, ListenerSpec> active() {
        return workersStarted ? listeners.active(serving -> serving.parts.spec()) : Map.of();
    }

    /** Those that one loading of a user's jar has compiled. */
    List<Recompilation> usersOf(long generation) {
        return listeners.usersOf(generation);
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        return listeners.stored();
    }

    /** {@code version_info} of LDS. */
    public String version() {
        return listeners.version();
    }

    /** Listeners that are not warm yet, with what they wait for. */
    public Map<String, List<String>> warming() {
        return listeners.warming();
    }

    /** What the workers could not put to work. */
    void onPublished(PublishResult result) {
        for (PublishResult.ListenerFailure failure : result.failures()) {
            failedToServe.put(failure.listener(), failure.reason());
            scope.counter("listener_create_failure").inc();
            VersionedResource<Version> listener = listeners.get(failure.listener());
            if (listener != null) {
                couldNotServe(listener, failure);
            }
        }
        count();
    }

    /** The workers kept what served before the version that failed, if there was something. */
    private void couldNotServe(
            VersionedResource<Version> listener, PublishResult.ListenerFailure failure) {
        String name = listener.name();
        Version active = listener.active();
        Version between = replaced.get(name);
        if (active != null && active.parts.spec() == failure.version()) {
            LOG.warn("listener '{}' cannot serve: {}", name, failure.reason());
            listener.refuse(active.stored, plane.loop().now(), failure.reason());
            listener.fallBack(replaced.remove(name));
            addresses.forget();
            active.fail();
        } else if (between != null && between.parts.spec() == failure.version()) {
            LOG.warn("listener '{}' cannot serve: {}", name, failure.reason());
            giveUpBetween(listener, between);
        }
    }

    /** A newer version is on its way: it follows what the failed one was to follow. */
    private void giveUpBetween(VersionedResource<Version> listener, Version failed) {
        Version before = failed.before;
        if (before == null) {
            replaced.remove(listener.name());
        } else {
            replaced.put(listener.name(), before);
            before.spared = true;
            plane.publisher().afterPublishing(() -> retire(listener, before));
        }
        failed.fail();
    }

    /** The workers have moved on from {@code old}, unless they could not. */
    private void retire(VersionedResource<Version> listener, Version old) {
        if (old.failed || old.spared || listener.active() == old) {
            old.spared = false;
            return;
        }
        replaced.remove(listener.name(), old);
        old.closeDrained();
    }

    private void countDraining(Version old, @Nullable Version next) {
        ListenerSpec before = old.parts.spec();
        if (next != null && before.becomesInPlace(next.parts.spec())) {
            draining.chains(before, next.parts.spec());
        } else {
            draining.listener(before);
        }
    }

    /** Static listeners that could not be put to work, with the reasons; fatal at the start. */
    List<String> failedStatics() {
        List<String> failed = new ArrayList<>();
        failedToServe.forEach((name, reason) -> {
            VersionedResource<Version> listener = listeners.get(name);
            if (listener != null && listener.isStatic()) {
                failed.add("error adding listener '" + name + "': " + reason);
            }
        });
        return failed;
    }

    void close() {
        closed = true;
        listeners.close();
        replaced.clear();
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String responseVersion) {
        return takeState(resources, responseVersion).finish();
    }

    @Override
    public UpdateOutcome onDelta(
            List<XdsResource> changed, List<String> removed, String systemVersion) {
        return takeDelta(changed, removed, systemVersion).finish();
    }

    @Override
    public Takeover takeState(List<XdsResource> resources, String responseVersion) {
        return new ListenerResponse(
                this, listeners, resources, listeners.absentFrom(resources), responseVersion);
    }

    @Override
    public Takeover takeDelta(
            List<XdsResource> changed, List<String> removed, String systemVersion) {
        return new ListenerResponse(this, listeners, changed, removed, systemVersion);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        if (reason != FetchFailure.CONNECTION) {
            settleFirstUpdate();
        }
    }

    /** Opens one more listener of those that are to be published; false where all are open. */
    boolean openNext() {
        return workersStarted && plane.publisher().openNext();
    }

    /** What has to be known before a response is answered: the reasons by name. */
    Map<String, String> publishAtOnce() {
        if (workersStarted) {
            plane.publisher().publish();
        }
        return failedToServe;
    }

    /** A response begins; what is held back until it is taken over. */
    Lease begin() {
        failedToServe.clear();
        return plane.holdRequests(
                ResourceType.ROUTE,
                ResourceType.SCOPED_ROUTE,
                ResourceType.SECRET,
                ResourceType.EXTENSION_CONFIG);
    }

    void settleFirstUpdate() {
        listeners.settleFirstUpdate("lds init", any -> true);
    }

    void remove(String name) {
        VersionedResource<Version> known = listeners.get(name);
        Version serving = known == null ? null : known.active();
        VersionedResource<Version> listener = listeners.remove(name);
        if (listener == null) {
            return;
        }
        addresses.forget();
        replaced.remove(name);
        if (listener.hadVersion()) {
            LOG.info("lds: remove listener '{}'", name);
            if (serving != null && workersStarted) {
                draining.listener(serving.parts.spec());
            }
            plane.publisher().request();
        }
        count();
    }

    private void count() {
        active.set(listeners.activeCount());
        warming.set(listeners.warmingCount());
    }

    /** Lets the version that is to warm ask for what it waits for. */
    private static void begin(VersionedResource<Version> listener) {
        Version next = listener.warming();
        if (next != null) {
            listener.clearError();
            next.begin(listener);
        }
    }

    /** What a version needs cannot be had: what served before goes on. */
    private void giveUp(VersionedResource<Version> listener, Version version, String why) {
        if (listener.warming() != version) {
            return;
        }
        LOG.warn("listener '{}' refused: {}", listener.name(), why);
        scope.counter("listener_create_failure").inc();
        listener.refuse(version.stored, plane.loop().now(), why);
        listener.warm(null);
        addresses.forget();
        count();
        listener.settle();
    }

    private void bound(BiConsumer<String, Address> each) {
        for (VersionedResource<Version> listener : listeners.all()) {
            Version newest = listener.newest();
            bound(newest).forEach(address -> each.accept(listener.name(), address));
        }
    }

    private static List<Address> bound(@Nullable Version version) {
        return version == null ? List.of() : version.parts.spec().bound();
    }

    /** Another version is to warm, at an address that is free. */
    private void warm(VersionedResource<Version> listener, Version next) {
        Version before = listener.newest();
        listener.warm(next);
        addresses.moved(listener.name(), bound(before), bound(next));
    }

    /** One version of a listener with what it holds. */
    private final class Version implements VersionedResource.Version {
        private final StoredVersion stored;
        private final ListenerParts parts;
        private final List<Lease> leases;
        private final Warmup warmup;
        private final Preparations preparations;
        private boolean begun;

        /** What it replaced, while workers may still use that. */
        private @Nullable Version before;

        /** Workers could not open it. */
        private boolean failed;

        /** Serves on for one more version, as the one that replaced it failed. */
        private boolean spared;

        Version(StoredVersion stored, ListenerParts parts, List<Lease> leases, Warmup warmup) {
            this.stored = stored;
            this.parts = parts;
            this.leases = leases;
            this.warmup = warmup;
            this.preparations =
                    new Preparations(
                            parts.preparations(),
                            plane.preparing(),
                            plane.publisher()::afterPublishing);
        }

        @Override
        public StoredVersion stored() {
            return stored;
        }

        @Override
        public List<Long> generations() {
            return parts.generations();
        }

        @Override
        public Warmup warmup() {
            return warmup;
        }

        void begin(VersionedResource<Version> resource) {
            if (begun) {
                return;
            }
            begun = true;
            for (ResourceDependency dependency : parts.dependencies()) {
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
            extensions.useAll(parts.discoveries(), warmup, leases);
            preparations.start(warmup, why -> giveUp(resource, this, why));
            warmup.start();
        }

        /** What drains goes on with its routes and secrets until its time is over. */
        @Override
        public void closeDrained() {
            if (workersStarted && !closed) {
                plane.loop().schedule(plane.drainTime(), this::close);
            } else {
                close();
            }
        }

        @Override
        public void close() {
            warmup.cancel();
            preparations.close();
            leases.forEach(Lease::close);
        }

        void fail() {
            failed = true;
            close();
        }
    }

    /** How a listener becomes a version and takes its place. */
    private final class Listeners
            implements VersionedResources.Type<Listener, Compilation<ListenerParts>, Version> {

        @Override
        public String nameOf(Listener listener) {
            return listener.getName();
        }

        @Override
        public Listener parse(ByteString body) throws InvalidProtocolBufferException {
            return Listener.parseFrom(body);
        }

        @Override
        public @Nullable String keepStatic(String name, boolean newcomerIsStatic) {
            if (newcomerIsStatic) {
                return "error adding listener: duplicate name '" + name + "'";
            }
            LOG.debug("lds: static listener '{}' is not changed by LDS", name);
            return null;
        }

        @Override
        public Compilation<ListenerParts> compile(
                String name, Listener listener, @Nullable Findings found) {
            return Compilation.of(
                    "listener '" + name + "'",
                    () -> compilers.listener(listener, found, clusters.get()));
        }

        @Override
        public boolean isBack(VersionedResource<Version> resource, StoredVersion stored) {
            Version serving = resource.active();
            if (serving == null || !serving.stored.body().equals(stored.body())) {
                return false;
            }
            resource.warm(null);
            addresses.forget();
            return true;
        }

        @Override
        public @Nullable String problem(Compilation<ListenerParts> compiled) {
            return compiled.problem();
        }

        @Override
        public void discard(Compilation<ListenerParts> compiled) {
            compiled.secrets().close();
        }

        @Override
        public @Nullable String open(
                VersionedResource<Version> resource,
                Listener listener,
                Supplier<Compilation<ListenerParts>> compiled,
                StoredVersion stored) {
            String name = resource.name();
            Version serving = resource.active();
            Compilation<ListenerParts> compilation = compiled.get();
            SecretUse secrets = compilation.secrets();
            Compiled<ListenerParts> result = compilation.result();
            if (result instanceof Compiled.Rejected<ListenerParts> rejected) {
                secrets.close();
                return resource.isStatic() ? rejected.summary() : rejected.reasons();
            }
            result.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
            ListenerParts parts = result.orThrow();
            String problem = check(name, serving, parts.spec());
            if (problem != null) {
                secrets.close();
                return problem;
            }
            Warmup warmup = new Warmup("Listener-init-target " + name, () -> promote(resource));
            secrets.await(warmup);
            warm(resource, new Version(stored, parts, secrets.leases(), warmup));
            return null;
        }

        private @Nullable String check(String name, @Nullable Version serving, ListenerSpec spec) {
            if (addresses.isTaken(name, spec.bound())) {
                return "error adding listener: '"
                        + name
                        + "' has duplicate address '"
                        + spec.addresses()
                        + "' as existing listener";
            }
            if (serving != null
                    && serving.parts.spec().socket().reusePort() != spec.socket().reusePort()) {
                return "Listener " + name + ": reuse port cannot be changed during an update";
            }
            return null;
        }

        @Override
        public void refused(String name, String problem) {
            LOG.warn("listener '{}' refused: {}", name, problem);
            scope.counter("listener_create_failure").inc();
        }

        @Override
        public void accepted(VersionedResource<Version> resource, boolean first) {
            count();
            // The bootstrap's begin together, each for its first time.
            if (listeners.answered() || !resource.isStatic() || resource.active() != null) {
                begin(resource);
            }
        }

        private void promote(VersionedResource<Version> resource) {
            if (resource.warming() == null) {
                return;
            }
            Version old = resource.promote();
            Version next = resource.active();
            count();
            // As Envoy, which counts when its workers have it.
            plane.publisher().afterPublishing(() -> scope.counter("listener_create_success").inc());
            LOG.info("lds: add/update listener '{}'", resource.name());
            if (old == null) {
                replaced.remove(resource.name());
            } else {
                replaced.put(resource.name(), old);
                if (next != null) {
                    next.before = old;
                }
                plane.publisher()
                        .whenTold(() -> {
                            // As Envoy, which counts when it tells its workers.
                            if (workersStarted && (next == null || !next.failed)) {
                                countDraining(old, next);
                            }
                        });
                plane.publisher()
                        .afterPublishing(() -> {
                            if (next != null) {
                                next.before = null;
                            }
                            retire(resource, old);
                        });
            }
            plane.publisher().request();
            resource.settle();
        }
    }
}
