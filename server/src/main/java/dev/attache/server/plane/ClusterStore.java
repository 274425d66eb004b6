package dev.attache.server.plane;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceType;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.UpdateOutcome;
import dev.attache.xds.XdsResource;
import dev.attache.xds.mux.Mux;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters: the bootstrap's and those of CDS. A new version opens beside the one that serves and
 * takes its place once it is warm. Main loop only.
 */
public final class ClusterStore implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("upstream");

    private final PlaneContext plane;
    private final ClusterEnvironment environment;
    private final BiFunction<Cluster, Boolean, Compiled<CompiledCluster>> compiler;
    private final SecretStore secrets;
    private final EndpointStore endpoints;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Scope scope;
    private final Gauge activeClusters;
    private final Gauge warmingClusters;
    private final List<Runnable> onFirstUpdate = new ArrayList<>();
    private boolean secondaryStarted;
    private boolean answered;
    private String version = "";

    /**
     * @param compiler compiles a cluster; the flag says whether it came by CDS
     */
    ClusterStore(
            PlaneContext plane,
            ClusterEnvironment environment,
            BiFunction<Cluster, Boolean, Compiled<CompiledCluster>> compiler,
            SecretStore secrets,
            EndpointStore endpoints) {
        this.plane = plane;
        this.environment = environment;
        this.compiler = compiler;
        this.secrets = secrets;
        this.endpoints = endpoints;
        this.scope = plane.stats().scope("cluster_manager.");
        this.activeClusters = scope.gauge("active_clusters");
        this.warmingClusters = scope.gauge("warming_clusters");
        activeClusters.set(0);
        warmingClusters.set(0);
    }

    /** Adds a cluster of the bootstrap; null, or why it is refused. */
    @Nullable String addStatic(Cluster cluster) {
        return update(cluster, new StoredVersion(Any.pack(cluster), "", plane.loop().now()), true);
    }

    /** Waits until every static cluster but those of EDS has hosts, or knows that it has none. */
    void expectPrimary(Warmup warmup) {
        for (Entry entry : entries.values()) {
            Version opened = entry.warming;
            if (opened != null && !opened.secondary()) {
                entry.whenSettled(warmup.expect("cluster " + entry.name));
            }
        }
    }

    /** Lets clusters ask EDS, and waits for those that do. */
    void startSecondary(Warmup warmup) {
        secondaryStarted = true;
        for (Entry entry : List.copyOf(entries.values())) {
            Version opened = entry.warming;
            if (opened != null) {
                entry.whenSettled(warmup.expect("cluster " + entry.name));
                opened.startSecondary();
            }
        }
    }

    /** Runs once CDS has answered, or is not waited for any longer, and its clusters are warm. */
    void whenFirstUpdateSettled(Runnable action) {
        onFirstUpdate.add(action);
    }

    /** The cluster that serves under this name, or null. */
    public @Nullable SharedCluster active(String name) {
        Entry entry = entries.get(name);
        return entry == null || entry.active == null ? null : entry.active.shared;
    }

    /** Whether there is a cluster of that name, warm or not. */
    public boolean exists(String name) {
        return any(name) != null;
    }

    /** The cluster that serves or is warming under this name, for streams of the config plane. */
    @Nullable SharedCluster any(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        Version held = entry.active == null ? entry.warming : entry.active;
        return held == null ? null : held.shared;
    }

    /** All clusters that serve, in order. */
    public Map<String, SharedCluster> active() {
        Map<String, SharedCluster> all = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            if (entry.active != null) {
                all.put(name, entry.active.shared);
            }
        });
        return all;
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        return entries.values().stream().map(Entry::stored).toList();
    }

    /** {@code version_info} of CDS. */
    public String version() {
        return version;
    }

    /** Clusters that are not warm yet, with what they wait for. */
    public Map<String, List<String>> warming() {
        Map<String, List<String>> waiting = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            if (entry.warming != null) {
                waiting.put(name, entry.warming.warmup.pending());
            }
        });
        return waiting;
    }

    void close() {
        for (Entry entry : List.copyOf(entries.values())) {
            entry.drop();
        }
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
        LOG.info("cds: add {} cluster(s), remove {} cluster(s)", changed.size(), removed.size());
        List<String> errors = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        try (Mux.Pause pause =
                plane.pause().apply(List.of(ResourceType.ENDPOINT, ResourceType.SECRET))) {
            for (XdsResource resource : changed) {
                String problem =
                        seen.add(resource.name())
                                ? update(resource)
                                : "duplicate cluster " + resource.name() + " found";
                if (problem != null) {
                    errors.add(resource.name() + ": " + problem);
                }
            }
            removed.forEach(this::remove);
        }
        plane.publisher().request();
        settleFirstUpdate();
        if (!errors.isEmpty()) {
            return UpdateOutcome.rejected(
                    "Error adding/updating cluster(s) " + String.join(", ", errors));
        }
        version = responseVersion;
        Scope cds = scope.scope("cds.");
        cds.counter("config_reload").inc();
        cds.gauge("config_reload_time_ms").set(plane.loop().now().toEpochMilli());
        return UpdateOutcome.ACCEPTED;
    }

    private void settleFirstUpdate() {
        if (answered) {
            return;
        }
        answered = true;
        Warmup all =
                new Warmup(
                        "cm init",
                        () -> {
                            LOG.info("cm init: all clusters initialized");
                            onFirstUpdate.forEach(Runnable::run);
                            onFirstUpdate.clear();
                        });
        for (Entry entry : entries.values()) {
            Version opened = entry.warming;
            if (opened != null && opened.shared.spec().waitForWarmOnInit()) {
                entry.whenSettled(all.expect("cluster " + entry.name));
            }
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
            Cluster cluster = Cluster.parseFrom(resource.body().getValue());
            return update(
                    cluster,
                    new StoredVersion(resource.body(), resource.version(), plane.loop().now()),
                    false);
        } catch (InvalidProtocolBufferException e) {
            return "unreadable resource: " + e.getMessage();
        }
    }

    private @Nullable String update(Cluster cluster, StoredVersion stored, boolean isStatic) {
        Entry known = entries.get(cluster.getName());
        if (known != null && known.isStatic) {
            if (isStatic) {
                return "cluster manager: duplicate cluster '" + cluster.getName() + "'";
            }
            LOG.debug("cds: static cluster '{}' is not changed by CDS", cluster.getName());
            return null;
        }
        Entry entry = known == null ? new Entry(cluster.getName(), isStatic) : known;
        String problem = entry.open(cluster, stored);
        if (problem != null) {
            entry.error =
                    new StoredError(stored.body(), stored.version(), stored.updated(), problem);
        }
        if (known == null && (problem == null || !isStatic)) {
            entries.put(entry.name, entry);
        }
        if (problem == null) {
            entry.begin();
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
            scope.counter("cluster_removed").inc();
            LOG.info("cds: remove cluster '{}'", name);
        }
        count();
    }

    private void count() {
        long active = entries.values().stream().filter(e -> e.active != null).count();
        activeClusters.set(active);
        // On this thread every cluster is open; workers open those they use.
        plane.stats()
                .gauge("thread_local_cluster_manager.main_thread.clusters_inflated")
                .set(active);
        warmingClusters.set(entries.values().stream().filter(e -> e.warming != null).count());
    }

    /** One version of a cluster with what it holds. */
    private final class Version implements EndpointStore.Consumers {
        private final StoredVersion stored;
        private final SharedCluster shared;
        private final List<Lease> leases;
        private final Warmup warmup;
        private final @Nullable ConfigSource edsSource;
        private Warmup.@Nullable Target hosts;
        private boolean asked;

        Version(
                StoredVersion stored,
                SharedCluster shared,
                List<Lease> leases,
                Warmup warmup,
                @Nullable ConfigSource edsSource) {
            this.stored = stored;
            this.shared = shared;
            this.leases = leases;
            this.warmup = warmup;
            this.edsSource = edsSource;
        }

        boolean secondary() {
            return edsSource != null;
        }

        void begin() {
            Warmup.Target target = warmup.expect("hosts");
            hosts = target;
            shared.whenWarm(target::ready);
            if (secondaryStarted) {
                startSecondary();
            }
            warmup.start();
        }

        void startSecondary() {
            ConfigSource source = edsSource;
            if (source == null || asked) {
                return;
            }
            asked = true;
            String service =
                    shared.spec().discovery() instanceof DiscoverySpec.Eds eds
                            ? eds.serviceName()
                            : shared.spec().name();
            leases.add(endpoints.use(service, source, shared.scope(), this));
        }

        @Override
        public void assign(LoadAssignment assignment) {
            shared.assign(assignment);
        }

        @Override
        public void giveUpWaiting() {
            shared.giveUpWaiting();
        }

        void close() {
            warmup.cancel();
            leases.forEach(Lease::close);
            shared.close();
        }
    }

    /** A cluster's name with the versions under it. */
    private final class Entry {
        private final String name;
        private final boolean isStatic;
        private final List<Warmup.Target> settled = new ArrayList<>();
        private @Nullable Version active;
        private @Nullable Version warming;
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

        /** The newest version has these very bytes. */
        boolean carries(Any body) {
            Version newest = warming == null ? active : warming;
            return newest != null && newest.stored.body().equals(body);
        }

        void whenSettled(Warmup.Target target) {
            if (warming == null) {
                target.ready();
            } else {
                settled.add(target);
            }
        }

        /** Compiles and opens the next version; null, or why it is refused. */
        @Nullable String open(Cluster cluster, StoredVersion stored) {
            List<Lease> leases = new ArrayList<>();
            Warmup warmup = new Warmup("Cluster " + name, this::promote);
            Compiled<CompiledCluster> compiled =
                    secrets.collecting(leases, warmup, () -> compile(cluster));
            return switch (compiled) {
                case Compiled.Rejected<CompiledCluster> rejected -> {
                    leases.forEach(Lease::close);
                    yield isStatic ? rejected.summary() : rejected.reasons();
                }
                case Compiled.Ok<CompiledCluster> ok -> {
                    ok.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
                    yield open(cluster, stored, ok.value(), leases, warmup);
                }
            };
        }

        private Compiled<CompiledCluster> compile(Cluster cluster) {
            try {
                return compiler.apply(cluster, !isStatic);
            } catch (RuntimeException e) {
                LOG.error("compiling cluster '{}' failed", name, e);
                return Resources.failed("cluster '" + name + "'", e);
            }
        }

        private @Nullable String open(
                Cluster cluster,
                StoredVersion stored,
                CompiledCluster compiled,
                List<Lease> leases,
                Warmup warmup) {
            SharedCluster shared;
            try {
                shared =
                        SharedCluster.open(
                                compiled.spec(),
                                environment,
                                active == null ? null : active.shared);
            } catch (RuntimeException e) {
                leases.forEach(Lease::close);
                LOG.warn("opening cluster '{}' failed", name, e);
                return String.valueOf(e.getMessage());
            }
            ConfigSource eds =
                    compiled.spec().discovery() instanceof DiscoverySpec.Eds
                            ? cluster.getEdsClusterConfig().getEdsConfig()
                            : null;
            Version old = warming;
            warming = new Version(stored, shared, leases, warmup, eds);
            if (old != null) {
                old.close();
            }
            return null;
        }

        void begin() {
            error = null;
            scope.counter(hadVersion ? "cluster_modified" : "cluster_added").inc();
            LOG.debug("{} cluster '{}'", hadVersion ? "update" : "add", name);
            hadVersion = true;
            Version opened = warming;
            count();
            if (opened != null) {
                opened.begin();
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
            count();
            if (old != null) {
                plane.publisher().afterPublishing(old::close);
            }
            plane.publisher().request();
            List<Warmup.Target> ready = new ArrayList<>(settled);
            settled.clear();
            ready.forEach(Warmup.Target::ready);
        }

        void drop() {
            Version next = warming;
            warming = null;
            if (next != null) {
                next.close();
            }
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
