package dev.attache.server.plane;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.proxy.listener.ListenerSpec;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.mux.Mux;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listeners: the bootstrap's and those of LDS. A new version waits for its routes and secrets while
 * the previous one serves. Main loop only.
 */
public final class ListenerStore implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final PlaneContext plane;
    private final BiFunction<Listener, Boolean, Compiled<ListenerParts>> compiler;
    private final SecretStore secrets;
    private final RouteStore routes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Scope scope;
    private final Gauge active;
    private final Gauge warming;
    private final List<Runnable> onFirstUpdate = new ArrayList<>();
    private final Map<String, String> failedToServe = new LinkedHashMap<>();
    private boolean workersStarted;
    private boolean answered;
    private String version = "";

    /**
     * @param compiler compiles a listener; the flag says whether it came by LDS
     */
    ListenerStore(
            PlaneContext plane,
            BiFunction<Listener, Boolean, Compiled<ListenerParts>> compiler,
            SecretStore secrets,
            RouteStore routes) {
        this.plane = plane;
        this.compiler = compiler;
        this.secrets = secrets;
        this.routes = routes;
        this.scope = plane.stats().scope("listener_manager.");
        this.active = scope.gauge("total_listeners_active");
        this.warming = scope.gauge("total_listeners_warming");
        active.set(0);
        warming.set(0);
        scope.gauge("total_listeners_draining").set(0);
        scope.gauge("workers_started").set(0);
    }

    /** Adds a listener of the bootstrap; null, or why it is refused. */
    @Nullable String addStatic(Listener listener) {
        String name =
                listener.getName().isEmpty() ? UUID.randomUUID().toString() : listener.getName();
        Listener named = listener.toBuilder().setName(name).build();
        return update(named, new StoredVersion(Any.pack(named), "", plane.loop().now()), true);
    }

    /** Lets listeners ask for their routes. */
    void startDependencies(Warmup warmup) {
        for (Entry entry : List.copyOf(entries.values())) {
            entry.whenSettled(warmup.expect("listener " + entry.name));
        }
        List.copyOf(entries.values()).forEach(Entry::begin);
    }

    /** Runs once LDS has answered, or is not waited for any longer, and its listeners are warm. */
    void whenFirstUpdateSettled(Runnable action) {
        onFirstUpdate.add(action);
    }

    /** From now on warm listeners are published; before, they wait for all others. */
    void workersStarted() {
        workersStarted = true;
        scope.gauge("workers_started").set(1);
    }

    /** What serves, or shall serve once workers are started. */
    public Map<String, ListenerSpec> active() {
        Map<String, ListenerSpec> all = new LinkedHashMap<>();
        if (workersStarted) {
            entries.forEach((name, entry) -> {
                if (entry.active != null) {
                    all.put(name, entry.active.parts.spec());
                }
            });
        }
        return all;
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        return entries.values().stream().map(Entry::stored).toList();
    }

    /** {@code version_info} of LDS. */
    public String version() {
        return version;
    }

    /** Listeners that are not warm yet, with what they wait for. */
    public Map<String, List<String>> warming() {
        Map<String, List<String>> waiting = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            if (entry.warming != null) {
                waiting.put(name, entry.warming.warmup.pending());
            }
        });
        return waiting;
    }

    /** What the workers could not put to work. */
    void onPublished(PublishResult result) {
        for (PublishResult.ListenerFailure failure : result.failures()) {
            failedToServe.put(failure.listener(), failure.reason());
            scope.counter("listener_create_failure").inc();
            Entry entry = entries.get(failure.listener());
            if (entry != null) {
                entry.couldNotServe(failure.reason());
            }
        }
        count();
    }

    /** Static listeners that could not be put to work, with the reasons; fatal at the start. */
    List<String> failedStatics() {
        List<String> failed = new ArrayList<>();
        failedToServe.forEach((name, reason) -> {
            Entry entry = entries.get(name);
            if (entry != null && entry.isStatic) {
                failed.add("error adding listener '" + name + "': " + reason);
            }
        });
        return failed;
    }

    void close() {
        entries.values().forEach(Entry::drop);
        entries.clear();
    }

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String responseVersion) {
        Set<String> named = new LinkedHashSet<>();
        resources.forEach(resource -> named.add(resource.name()));
        List<String> removed = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.isStatic && !named.contains(entry.name)) {
                removed.add(entry.name);
            }
        }
        return apply(resources, removed, responseVersion);
    }

    @Override
    public UpdateOutcome onDelta(
            List<XdsResource> changed, List<String> removed, String systemVersion) {
        return apply(changed, removed, systemVersion);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        if (reason != FetchFailure.CONNECTION) {
            settleFirstUpdate();
        }
    }

    private UpdateOutcome apply(
            List<XdsResource> changed, List<String> removed, String responseVersion) {
        Map<String, String> errors = new LinkedHashMap<>();
        failedToServe.clear();
        try (Mux.Pause pause =
                plane.pause()
                        .apply(
                                List.of(
                                        ResourceType.ROUTE,
                                        ResourceType.SCOPED_ROUTE,
                                        ResourceType.SECRET))) {
            removed.forEach(this::remove);
            Set<String> seen = new LinkedHashSet<>();
            for (XdsResource resource : changed) {
                String problem =
                        seen.add(resource.name())
                                ? update(resource)
                                : "duplicate listener " + resource.name() + " found";
                if (problem != null) {
                    errors.put(resource.name(), problem);
                }
            }
            settleFirstUpdate();
        }
        if (workersStarted) {
            // At once, so that an address that cannot be bound is part of the answer.
            plane.publisher().publish();
            changed.forEach(resource -> {
                String reason = failedToServe.get(resource.name());
                if (reason != null) {
                    errors.putIfAbsent(resource.name(), reason);
                }
            });
        }
        if (errors.isEmpty()) {
            version = responseVersion;
            return UpdateOutcome.ACCEPTED;
        }
        StringBuilder message = new StringBuilder("Error adding/updating listener(s) ");
        errors.forEach(
                (name, reason) -> message.append(name).append(": ").append(reason).append('\n'));
        return UpdateOutcome.rejected(message.toString());
    }

    private void settleFirstUpdate() {
        if (answered) {
            return;
        }
        answered = true;
        Warmup all =
                new Warmup(
                        "lds init",
                        () -> {
                            onFirstUpdate.forEach(Runnable::run);
                            onFirstUpdate.clear();
                        });
        for (Entry entry : entries.values()) {
            entry.whenSettled(all.expect("listener " + entry.name));
        }
        all.start();
    }

    private @Nullable String update(XdsResource resource) {
        Entry known = entries.get(resource.name());
        if (known != null && known.carries(resource.body())) {
            known.error = null;
            return null;
        }
        try {
            Listener listener = Listener.parseFrom(resource.body().getValue());
            return update(
                    listener,
                    new StoredVersion(resource.body(), resource.version(), plane.loop().now()),
                    false);
        } catch (InvalidProtocolBufferException e) {
            return "unreadable resource: " + e.getMessage();
        }
    }

    private @Nullable String update(Listener listener, StoredVersion stored, boolean isStatic) {
        Entry known = entries.get(listener.getName());
        if (known != null && known.isStatic) {
            if (isStatic) {
                return "error adding listener: duplicate name '" + listener.getName() + "'";
            }
            LOG.debug("lds: static listener '{}' is not changed by LDS", listener.getName());
            return null;
        }
        Entry entry = known == null ? new Entry(listener.getName(), isStatic) : known;
        String problem = entry.open(listener, stored);
        if (problem != null) {
            LOG.warn("listener '{}' refused: {}", listener.getName(), problem);
            entry.error =
                    new StoredError(stored.body(), stored.version(), stored.updated(), problem);
            scope.counter("listener_create_failure").inc();
        }
        if (known == null && (problem == null || !isStatic)) {
            entries.put(entry.name, entry);
        }
        if (problem == null) {
            scope.counter(entry.hadVersion ? "listener_modified" : "listener_added").inc();
            entry.hadVersion = true;
            count();
            if (answered || !isStatic) {
                entry.begin();
            }
        }
        return problem;
    }

    private void remove(String name) {
        Entry entry = entries.get(name);
        if (entry == null || entry.isStatic) {
            return;
        }
        entries.remove(name);
        entry.drop();
        if (entry.hadVersion) {
            scope.counter("listener_removed").inc();
            LOG.info("lds: remove listener '{}'", name);
            plane.publisher().request();
        }
        count();
    }

    private void count() {
        active.set(entries.values().stream().filter(e -> e.active != null).count());
        warming.set(entries.values().stream().filter(e -> e.warming != null).count());
    }

    /** Another listener that binds the same address, or null. */
    private @Nullable Entry sameAddress(String name, ListenerSpec spec) {
        if (!spec.bindToPort() || (spec.address() instanceof IpAddress ip && ip.port() == 0)) {
            return null;
        }
        for (Entry entry : entries.values()) {
            Version newest = entry.newest();
            if (!entry.name.equals(name)
                    && newest != null
                    && newest.parts.spec().bindToPort()
                    && newest.parts.spec().address().equals(spec.address())) {
                return entry;
            }
        }
        return null;
    }

    /** One version of a listener with what it holds. */
    private final class Version {
        private final StoredVersion stored;
        private final ListenerParts parts;
        private final Map<String, String> statPrefixes;
        private final List<Lease> leases;
        private final Warmup warmup;
        private boolean begun;

        Version(
                StoredVersion stored,
                ListenerParts parts,
                Map<String, String> statPrefixes,
                List<Lease> leases,
                Warmup warmup) {
            this.stored = stored;
            this.parts = parts;
            this.statPrefixes = statPrefixes;
            this.leases = leases;
            this.warmup = warmup;
        }

        void begin() {
            if (begun) {
                return;
            }
            begun = true;
            for (ResourceDependency dependency : parts.dependencies()) {
                if (dependency.typeUrl().equals(ResourceType.ROUTE.typeUrl())) {
                    Warmup.Target target =
                            warmup.expect("RdsRouteConfigSubscription " + dependency.name());
                    String prefix = statPrefixes.getOrDefault(dependency.name(), "");
                    leases.add(
                            routes.use(
                                    dependency.name(), dependency.source(), prefix, target::ready));
                }
            }
            warmup.start();
        }

        void close() {
            warmup.cancel();
            leases.forEach(Lease::close);
        }
    }

    /** A listener's name with the versions under it. */
    private final class Entry {
        private final String name;
        private final boolean isStatic;
        private final List<Warmup.Target> settled = new ArrayList<>();
        private @Nullable Version active;
        private @Nullable Version warming;
        private @Nullable Version replaced;
        private @Nullable StoredError error;
        private boolean hadVersion;

        Entry(String name, boolean isStatic) {
            this.name = name;
            this.isStatic = isStatic;
        }

        StoredResource stored() {
            return new StoredResource(
                    name,
                    isStatic,
                    active == null ? null : active.stored,
                    warming == null ? null : warming.stored,
                    error);
        }

        @Nullable Version newest() {
            return warming == null ? active : warming;
        }

        boolean carries(Any body) {
            Version newest = newest();
            return newest != null && newest.stored.body().equals(body);
        }

        void whenSettled(Warmup.Target target) {
            if (warming == null) {
                target.ready();
            } else {
                settled.add(target);
            }
        }

        /** Compiles the next version; null, or why it is refused. */
        @Nullable String open(Listener listener, StoredVersion stored) {
            Version serving = active;
            if (serving != null && serving.stored.body().equals(stored.body())) {
                // Back to what serves: what was warming is not wanted any more.
                discardWarming();
                return null;
            }
            List<Lease> leases = new ArrayList<>();
            Warmup warmup = new Warmup("Listener-init-target " + name, this::promote);
            Compiled<ListenerParts> compiled =
                    secrets.collecting(leases, warmup, () -> compile(listener));
            String problem =
                    switch (compiled) {
                        case Compiled.Rejected<ListenerParts> rejected ->
                                isStatic ? rejected.summary() : rejected.reasons();
                        case Compiled.Ok<ListenerParts> ok -> {
                            ok.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
                            yield check(ok.value().spec());
                        }
                    };
            if (problem != null || !(compiled instanceof Compiled.Ok<ListenerParts> ok)) {
                warmup.cancel();
                leases.forEach(Lease::close);
                return problem;
            }
            discardWarming();
            warming =
                    new Version(
                            stored, ok.value(), RouteUsers.statPrefixes(listener), leases, warmup);
            return null;
        }

        private @Nullable String check(ListenerSpec spec) {
            Entry other = sameAddress(name, spec);
            if (other != null) {
                return "error adding listener: '"
                        + name
                        + "' has duplicate address '"
                        + spec.address()
                        + "' as existing listener";
            }
            Version serving = active;
            if (serving != null
                    && serving.parts.spec().socket().reusePort() != spec.socket().reusePort()) {
                return "Listener " + name + ": reuse port cannot be changed during an update";
            }
            return null;
        }

        private Compiled<ListenerParts> compile(Listener listener) {
            try {
                return compiler.apply(listener, !isStatic);
            } catch (RuntimeException e) {
                LOG.error("compiling listener '{}' failed", name, e);
                return Resources.failed("listener '" + name + "'", e);
            }
        }

        private void discardWarming() {
            Version old = warming;
            warming = null;
            if (old != null) {
                old.close();
            }
        }

        void begin() {
            Version next = warming;
            if (next != null) {
                error = null;
                next.begin();
            }
        }

        private void promote() {
            Version next = warming;
            if (next == null) {
                return;
            }
            Version old = active;
            active = next;
            warming = null;
            replaced = old;
            count();
            scope.counter("listener_create_success").inc();
            LOG.info("lds: add/update listener '{}'", name);
            if (old != null) {
                plane.publisher().afterPublishing(() -> retire(old));
            }
            plane.publisher().request();
            List<Warmup.Target> ready = new ArrayList<>(settled);
            settled.clear();
            ready.forEach(Warmup.Target::ready);
        }

        /** The workers have moved on, unless they reported that they could not. */
        private void retire(Version old) {
            plane.loop()
                    .execute(() -> {
                        if (active != old) {
                            old.close();
                        }
                        if (replaced == old) {
                            replaced = null;
                        }
                    });
        }

        /** The workers kept the previous version, if there was one. */
        void couldNotServe(String reason) {
            Version failed = active;
            if (failed == null) {
                return;
            }
            error =
                    new StoredError(
                            failed.stored.body(),
                            failed.stored.version(),
                            plane.loop().now(),
                            reason);
            LOG.warn("listener '{}' cannot serve: {}", name, reason);
            active = replaced;
            replaced = null;
            failed.close();
        }

        void drop() {
            discardWarming();
            Version old = active;
            active = null;
            if (old != null) {
                plane.publisher().afterPublishing(old::close);
            }
            List<Warmup.Target> gone = new ArrayList<>(settled);
            settled.clear();
            gone.forEach(Warmup.Target::ready);
        }
    }
}
