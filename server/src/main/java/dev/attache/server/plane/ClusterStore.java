package dev.attache.server.plane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.worker.Faults;
import dev.attache.server.plane.compile.Compilers;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Recompilation;
import dev.attache.server.plane.version.RootsTakeover;
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
import dev.attache.xds.client.ConfigSourceException;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clusters: the bootstrap's and those of CDS. A new version opens beside the one that serves and
 * takes its place once it is warm. Main loop only.
 *
 * <p>Longer than files here should be: what a version waits for, and who is told when it ends,
 * depend on the versions beside it.
 */
public final class ClusterStore implements ResourceWatcher {

    private static final Logger LOG = LoggerFactory.getLogger("upstream");

    private final PlaneContext plane;
    private final ClusterEnvironment environment;
    private final Compilers compilers;
    private final EndpointStore endpoints;
    private final ExtensionStore extensions;
    private final Scope scope;
    private final VersionedResources<Cluster, Compilation<CompiledCluster>, Version> clusters;
    private final Gauge activeClusters;
    private final Gauge warmingClusters;
    private final Gauge inflatedClusters;
    private boolean secondaryStarted;
    private boolean allInitialized;

    ClusterStore(
            PlaneContext plane,
            ClusterEnvironment environment,
            Compilers compilers,
            EndpointStore endpoints,
            ExtensionStore extensions) {
        this.plane = plane;
        this.environment = environment;
        this.compilers = compilers;
        this.endpoints = endpoints;
        this.extensions = extensions;
        this.scope = plane.stats().scope("cluster_manager.");
        this.clusters =
                new VersionedResources<>("cluster", plane, scope, compilers::check, new Clusters());
        this.activeClusters = scope.gauge("active_clusters");
        this.warmingClusters = scope.gauge("warming_clusters");
        this.inflatedClusters =
                plane.stats().gauge("thread_local_cluster_manager.main_thread.clusters_inflated");
        activeClusters.set(0);
        warmingClusters.set(0);
        clusters.whenFirstUpdateSettled(() -> {
            allInitialized = true;
            LOG.info("cm init: all clusters initialized");
        });
    }

    /** Adds a cluster of the bootstrap; null, or why it is refused. */
    @Nullable String addStatic(Cluster cluster) {
        return clusters.addStatic(cluster.getName(), cluster);
    }

    /** Waits until every static cluster but those of EDS has hosts, or knows that it has none. */
    void expectPrimary(Warmup warmup) {
        for (VersionedResource<Version> cluster : clusters.all()) {
            Version opened = cluster.warming();
            if (opened != null && !opened.secondary()) {
                cluster.whenSettled(warmup.expect("cluster " + cluster.name()));
            }
        }
    }

    /** Lets clusters ask EDS, and waits for those that do. */
    void startSecondary(Warmup warmup) {
        secondaryStarted = true;
        for (VersionedResource<Version> cluster : clusters.all()) {
            Version opened = cluster.warming();
            if (opened != null) {
                cluster.whenSettled(warmup.expect("cluster " + cluster.name()));
                opened.startSecondary();
            }
        }
    }

    /** Runs once CDS has answered, or is not waited for any longer, and its clusters are warm. */
    void whenFirstUpdateSettled(Runnable action) {
        clusters.whenFirstUpdateSettled(action);
    }

    /** The cluster that serves under this name, or null. */
    public @Nullable SharedCluster active(String name) {
        VersionedResource<Version> cluster = clusters.get(name);
        Version serving = cluster == null ? null : cluster.active();
        return serving == null ? null : serving.shared;
    }

    /** Whether there is a cluster of that name, warm or not. */
    public boolean exists(String name) {
        return any(name) != null;
    }

    /** The names of all clusters, warm or not, as they are now. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        for (VersionedResource<Version> cluster : clusters.all()) {
            if (cluster.newest() != null) {
                names.add(cluster.name());
            }
        }
        return names;
    }

    /** The cluster that serves or is warming under this name, for streams of the config plane. */
    @Nullable SharedCluster any(String name) {
        VersionedResource<Version> cluster = clusters.get(name);
        if (cluster == null) {
            return null;
        }
        Version serving = cluster.active();
        Version held = serving == null ? cluster.warming() : serving;
        return held == null ? null : held.shared;
    }

    /** All clusters that serve, in order. */
    public Map<String, SharedCluster> active() {
        return clusters.active(serving -> serving.shared);
    }

    /** The same without names: a list of its own, and cheap to make. */
    public List<SharedCluster> serving() {
        return clusters.serving(version -> version.shared);
    }

    /** Those that one loading of a user's jar has compiled. */
    List<Recompilation> usersOf(long generation) {
        return clusters.usersOf(generation);
    }

    /** What {@code /config_dump} shows. */
    public List<StoredResource> stored() {
        return clusters.stored();
    }

    /** {@code version_info} of CDS. */
    public String version() {
        return clusters.version();
    }

    /** Clusters that are not warm yet, with what they wait for. */
    public Map<String, List<String>> warming() {
        return clusters.warming();
    }

    void close() {
        clusters.close();
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
        return new Response(resources, clusters.absentFrom(resources), responseVersion);
    }

    @Override
    public Takeover takeDelta(
            List<XdsResource> changed, List<String> removed, String systemVersion) {
        return new Response(changed, removed, systemVersion);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        if (reason != FetchFailure.CONNECTION) {
            settleFirstUpdate();
        }
    }

    /** A response of CDS. */
    private final class Response extends RootsTakeover<Cluster, Compilation<CompiledCluster>> {
        private final int removed;
        private final String version;
        private final int takenBefore = clusters.taken();

        Response(List<XdsResource> changed, List<String> removed, String version) {
            super(clusters, changed, removed, false);
            this.removed = removed.size();
            this.version = version;
        }

        @Override
        protected Lease begin() {
            LOG.info("cds: add {} cluster(s), remove {} cluster(s)", changed.size(), removed);
            return plane.holdRequests(ResourceType.ENDPOINT, ResourceType.SECRET);
        }

        @Override
        protected void remove(String name) {
            ClusterStore.this.remove(name);
        }

        @Override
        protected UpdateOutcome refuse(String reason) {
            settleFirstUpdate();
            return UpdateOutcome.rejected(reason);
        }

        @Override
        protected UpdateOutcome end() {
            plane.publisher().request();
            settleFirstUpdate();
            if (!errors.isEmpty()) {
                StringJoiner message =
                        new StringJoiner(", ", "Error adding/updating cluster(s) ", "");
                errors.forEach((name, reason) -> message.add(name + ": " + reason));
                return UpdateOutcome.rejected(message.toString());
            }
            clusters.accept(version);
            if (clusters.taken() > takenBefore) {
                Scope cds = scope.scope("cds.");
                cds.counter("config_reload").inc();
                cds.gauge("config_reload_time_ms").set(plane.loop().now().toEpochMilli());
            }
            return UpdateOutcome.ACCEPTED;
        }
    }

    private void settleFirstUpdate() {
        clusters.settleFirstUpdate("cm init", opened -> opened.shared.spec().waitForWarmOnInit());
    }

    private void remove(String name) {
        VersionedResource<Version> known = clusters.get(name);
        Version serving = known == null ? null : known.active();
        VersionedResource<Version> cluster = clusters.remove(name);
        if (cluster == null) {
            return;
        }
        if (cluster.hadVersion()) {
            LOG.info("cds: remove cluster '{}'", name);
        }
        if (serving != null) {
            noteDrain(serving);
        }
        count();
    }

    private void noteDrain(Version leaving) {
        long open = leaving.shared.scope().gauge("upstream_cx_active").value();
        plane.history()
                .drained(ResourceType.CLUSTER, "cluster", leaving.shared.spec().name(), 1, open);
    }

    /** What is warming cannot be had: what served before goes on. */
    private void giveUp(VersionedResource<Version> cluster, Version version, String why) {
        if (cluster.warming() != version) {
            return;
        }
        LOG.warn("cluster '{}' refused: {}", cluster.name(), why);
        cluster.refuse(version.stored, plane.loop().now(), why);
        version.shared.scope().gauge("warming_state").set(0);
        cluster.warm(null);
        count();
        cluster.settle();
    }

    private void count() {
        int active = clusters.activeCount();
        activeClusters.set(active);
        // On this thread every cluster is open; workers open those they use.
        inflatedClusters.set(active);
        warmingClusters.set(clusters.warmingCount());
    }

    /** One version of a cluster with what it holds. */
    private final class Version implements VersionedResource.Version, EndpointStore.Consumers {
        private final StoredVersion stored;
        private final SharedCluster shared;
        private final CompiledCluster compiled;
        private final List<Lease> leases;
        private final Warmup warmup;
        private final @Nullable ConfigSource edsSource;
        private boolean asked;

        Version(
                StoredVersion stored,
                SharedCluster shared,
                CompiledCluster compiled,
                List<Lease> leases,
                Warmup warmup,
                @Nullable ConfigSource edsSource) {
            this.stored = stored;
            this.shared = shared;
            this.compiled = compiled;
            this.leases = leases;
            this.warmup = warmup;
            this.edsSource = edsSource;
        }

        @Override
        public StoredVersion stored() {
            return stored;
        }

        @Override
        public List<Long> generations() {
            return compiled.generations();
        }

        @Override
        public Warmup warmup() {
            return warmup;
        }

        boolean secondary() {
            return edsSource != null;
        }

        void begin(VersionedResource<Version> resource) {
            Warmup.Target hosts = warmup.expect("hosts");
            shared.whenWarm(() -> {
                // As in Envoy, which asks for them when it knows the hosts.
                if (hosts.isPending() && discover(resource)) {
                    hosts.ready();
                }
            });
            if (secondaryStarted) {
                startSecondary();
            }
            warmup.start();
        }

        /** Asks for its filters; false if that cannot be, and it is not going to serve. */
        private boolean discover(VersionedResource<Version> resource) {
            try {
                extensions.useAll(compiled.discoveries(), warmup, leases);
                return true;
            } catch (ConfigSourceException e) {
                String why =
                        "config_discovery.config_source of its filters: %s; name a source that there is"
                                .formatted(e.getMessage());
                // Not while the cluster is telling that it is warm.
                plane.loop().execute(() -> giveUp(resource, this, why));
                return false;
            }
        }

        void startSecondary() {
            ConfigSource source = edsSource;
            if (source == null || asked) {
                return;
            }
            asked = true;
            ClusterSpec spec = shared.spec();
            String service =
                    spec.discovery() instanceof DiscoverySpec.Eds eds
                            ? eds.nameFor(spec.name())
                            : spec.name();
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

        @Override
        public void close() {
            warmup.cancel();
            leases.forEach(Lease::close);
            shared.close();
        }
    }

    /** How a cluster becomes a version and takes its place. */
    private final class Clusters
            implements VersionedResources.Type<Cluster, Compilation<CompiledCluster>, Version> {

        @Override
        public String nameOf(Cluster cluster) {
            return cluster.getName();
        }

        @Override
        public Cluster parse(ByteString body) throws InvalidProtocolBufferException {
            return Cluster.parseFrom(body);
        }

        @Override
        public @Nullable String keepStatic(String name, boolean newcomerIsStatic) {
            if (newcomerIsStatic) {
                return "cluster manager: duplicate cluster '" + name + "'";
            }
            LOG.debug("cds: static cluster '{}' is not changed by CDS", name);
            return null;
        }

        @Override
        public Compilation<CompiledCluster> compile(
                String name, Cluster cluster, @Nullable Findings found) {
            return Compilation.of(
                    "cluster '" + name + "'", () -> compilers.cluster(cluster, found));
        }

        @Override
        public @Nullable String problem(Compilation<CompiledCluster> compiled) {
            return compiled.problem();
        }

        @Override
        public void discard(Compilation<CompiledCluster> compiled) {
            compiled.secrets().close();
        }

        @Override
        public @Nullable String open(
                VersionedResource<Version> resource,
                Cluster cluster,
                Supplier<Compilation<CompiledCluster>> compiled,
                StoredVersion stored) {
            Compilation<CompiledCluster> compilation = compiled.get();
            SecretUse secrets = compilation.secrets();
            Compiled<CompiledCluster> result = compilation.result();
            if (result instanceof Compiled.Rejected<CompiledCluster> rejected) {
                secrets.close();
                return resource.isStatic() ? rejected.summary() : rejected.reasons();
            }
            result.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
            return open(resource, cluster, stored, result.orThrow(), secrets);
        }

        private @Nullable String open(
                VersionedResource<Version> resource,
                Cluster cluster,
                StoredVersion stored,
                CompiledCluster compiled,
                SecretUse secrets) {
            Version serving = resource.active();
            SharedCluster shared;
            try {
                shared =
                        SharedCluster.open(
                                compiled.spec(),
                                environment,
                                serving == null ? null : serving.shared);
            } catch (Throwable e) {
                Faults.contain(e);
                secrets.close();
                LOG.warn("opening cluster '{}' failed", resource.name(), e);
                return e instanceof RuntimeException && e.getMessage() != null
                        ? e.getMessage()
                        : Faults.text(e);
            }
            ConfigSource eds =
                    compiled.spec().discovery() instanceof DiscoverySpec.Eds
                            ? cluster.getEdsClusterConfig().getEdsConfig()
                            : null;
            Warmup warmup = new Warmup("Cluster " + resource.name(), () -> promote(resource));
            secrets.await(warmup);
            resource.warm(new Version(stored, shared, compiled, secrets.leases(), warmup, eds));
            return null;
        }

        @Override
        public boolean countsRefused() {
            return true;
        }

        @Override
        public void accepted(VersionedResource<Version> resource, boolean first) {
            resource.clearError();
            LOG.debug("{} cluster '{}'", first ? "add" : "update", resource.name());
            Version opened = resource.warming();
            count();
            if (opened != null) {
                if (allInitialized) {
                    opened.shared.scope().gauge("warming_state").set(1);
                }
                opened.begin(resource);
            }
        }

        private void promote(VersionedResource<Version> resource) {
            if (resource.warming() == null) {
                return;
            }
            Version old = resource.promote();
            Version serving = resource.active();
            if (serving != null) {
                serving.shared.scope().gauge("warming_state").set(0);
            }
            count();
            if (old != null) {
                noteDrain(old);
                plane.publisher().afterPublishing(old::close);
            }
            plane.publisher().request();
            resource.settle();
        }
    }
}
