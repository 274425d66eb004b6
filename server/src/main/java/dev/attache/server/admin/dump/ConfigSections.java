package dev.attache.server.admin.dump;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.attache.api.Packed;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.server.plane.version.StoredError;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.EcdsConfigDump;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sections of {@code /config_dump}: what was configured, as it arrived, with versions, times
 * and errors. Each element of a list is made when it is asked for. Used by one thread.
 *
 * <p>Longer than files here should be: one method for each section and each kind of resource in it.
 */
public final class ConfigSections {

    private final ConfigSnapshot config;
    private final Predicate<String> names;

    /** Looked through by name once, and only if somebody wants them. */
    private @Nullable List<StoredResource> clusters;

    /**
     * @param names which resources to show
     */
    public ConfigSections(ConfigSnapshot config, Predicate<String> names) {
        this.config = config;
        this.names = names;
    }

    /** In Envoy's order. */
    public List<DumpSection> all(boolean withEndpoints) {
        List<DumpSection> sections = new ArrayList<>();
        sections.add(new DumpSection(BootstrapConfigDump.class, this::bootstrap));
        sections.add(clusters());
        if (withEndpoints) {
            sections.add(endpoints());
        }
        config.extensions().values().forEach(kind -> sections.add(extensions(kind)));
        sections.add(listeners());
        if (!config.routes().isEmpty() || InlineRoutes.possible(config.listeners())) {
            sections.add(
                    new DumpSection(
                            ScopedRoutesConfigDump.class,
                            ScopedRoutesConfigDump::getDefaultInstance));
            sections.add(routes());
        }
        sections.add(secrets());
        return sections;
    }

    /** As configured, with what the proxy says of itself; not with what flags add to the node. */
    private BootstrapConfigDump bootstrap() {
        Bootstrap configured = config.bootstrap();
        Bootstrap.Builder shown =
                configured.toBuilder()
                        .setNode(
                                configured.getNode().toBuilder()
                                        .setUserAgentName(config.self().getUserAgentName())
                                        .setUserAgentBuildVersion(
                                                config.self().getUserAgentBuildVersion())
                                        .clearExtensions()
                                        .addAllExtensions(config.self().getExtensionsList()));
        return BootstrapConfigDump.newBuilder()
                .setBootstrap(shown)
                .setLastUpdated(time(config.started()))
                .build();
    }

    private Stream<StoredResource> shown(List<StoredResource> stored) {
        return stored.stream().filter(resource -> names.test(resource.name()));
    }

    static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano() / 1_000_000 * 1_000_000)
                .build();
    }

    private static UpdateFailureState failure(StoredError error) {
        return UpdateFailureState.newBuilder()
                .setFailedConfiguration(error.rejected())
                .setVersionInfo(error.version())
                .setLastUpdateAttempt(time(error.at()))
                .setDetails(error.details())
                .build();
    }

    private DumpSection clusters() {
        return new DumpSection(
                        ClustersConfigDump.class,
                        () ->
                                ClustersConfigDump.newBuilder()
                                        .setVersionInfo(config.clustersVersion())
                                        .build())
                .list("static_clusters", () -> byName().mapMulti(ConfigSections::staticCluster))
                .list(
                        "dynamic_active_clusters",
                        () ->
                                byName().filter(c -> c.active() != null || c.error() != null)
                                        .filter(c -> !c.isStatic())
                                        .map(c -> dynamic(c, c.active())))
                .list(
                        "dynamic_warming_clusters",
                        () ->
                                byName().filter(c -> c.warming() != null && !c.isStatic())
                                        .map(c -> dynamic(c, c.warming())));
    }

    private Stream<StoredResource> byName() {
        List<StoredResource> known = clusters;
        if (known == null) {
            known =
                    shown(config.clusters())
                            .sorted(Comparator.comparing(StoredResource::name))
                            .toList();
            clusters = known;
        }
        return known.stream();
    }

    private static void staticCluster(
            StoredResource cluster, java.util.function.Consumer<Message> to) {
        StoredVersion active = cluster.active();
        if (cluster.isStatic() && active != null) {
            to.accept(
                    ClustersConfigDump.StaticCluster.newBuilder()
                            .setCluster(active.body())
                            .setLastUpdated(time(active.updated()))
                            .build());
        }
    }

    private static ClustersConfigDump.DynamicCluster dynamic(
            StoredResource cluster, @Nullable StoredVersion version) {
        ClustersConfigDump.DynamicCluster.Builder dump =
                ClustersConfigDump.DynamicCluster.newBuilder();
        if (version != null) {
            dump.setVersionInfo(version.version())
                    .setCluster(version.body())
                    .setLastUpdated(time(version.updated()));
        }
        if (cluster.error() != null) {
            dump.setErrorState(failure(cluster.error()));
        }
        return dump.build();
    }

    private DumpSection endpoints() {
        return new DumpSection(EndpointsConfigDump.class, EndpointsConfigDump::getDefaultInstance)
                .list(
                        "static_endpoint_configs",
                        () ->
                                endpoints(false)
                                        .map(cluster ->
                                                EndpointsConfigDump.StaticEndpointConfig
                                                        .newBuilder()
                                                        .setEndpointConfig(cluster)
                                                        .build()))
                .list(
                        "dynamic_endpoint_configs",
                        () ->
                                endpoints(true)
                                        .map(cluster ->
                                                EndpointsConfigDump.DynamicEndpointConfig
                                                        .newBuilder()
                                                        .setEndpointConfig(cluster)
                                                        .build()));
    }

    private Stream<com.google.protobuf.Any> endpoints(boolean addedViaApi) {
        return config.active().stream()
                .filter(cluster -> cluster.spec().addedViaApi() == addedViaApi)
                .filter(cluster -> names.test(EndpointMessages.name(cluster)))
                .map((SharedCluster cluster) -> Packed.of(EndpointMessages.of(cluster)));
    }

    private DumpSection listeners() {
        return new DumpSection(
                        ListenersConfigDump.class,
                        () ->
                                ListenersConfigDump.newBuilder()
                                        .setVersionInfo(config.listenersVersion())
                                        .build())
                .list(
                        "static_listeners",
                        () -> shown(config.listeners()).mapMulti(ConfigSections::staticListener))
                .list(
                        "dynamic_listeners",
                        () ->
                                shown(config.listeners())
                                        .filter(listener -> !listener.isStatic())
                                        .map(ConfigSections::dynamicListener));
    }

    private static void staticListener(
            StoredResource listener, java.util.function.Consumer<Message> to) {
        StoredVersion active = listener.active();
        if (listener.isStatic() && active != null) {
            to.accept(
                    ListenersConfigDump.StaticListener.newBuilder()
                            .setListener(active.body())
                            .setLastUpdated(time(active.updated()))
                            .build());
        }
    }

    private static Message dynamicListener(StoredResource listener) {
        ListenersConfigDump.DynamicListener.Builder entry =
                ListenersConfigDump.DynamicListener.newBuilder().setName(listener.name());
        if (listener.active() != null) {
            entry.setActiveState(state(listener.active()));
        }
        if (listener.warming() != null) {
            entry.setWarmingState(state(listener.warming()));
        }
        if (listener.error() != null) {
            entry.setErrorState(failure(listener.error()));
        }
        return entry.build();
    }

    private static ListenersConfigDump.DynamicListenerState state(StoredVersion version) {
        return ListenersConfigDump.DynamicListenerState.newBuilder()
                .setVersionInfo(version.version())
                .setListener(version.body())
                .setLastUpdated(time(version.updated()))
                .build();
    }

    private DumpSection extensions(List<StoredResource> filters) {
        return new DumpSection(EcdsConfigDump.class, EcdsConfigDump::getDefaultInstance)
                .list("ecds_filters", () -> shown(filters).mapMulti(ConfigSections::filter));
    }

    private static void filter(StoredResource filter, java.util.function.Consumer<Message> to) {
        StoredVersion active = filter.active();
        if (active != null) {
            to.accept(
                    EcdsConfigDump.EcdsFilterConfig.newBuilder()
                            .setVersionInfo(active.version())
                            .setEcdsFilter(active.body())
                            .setLastUpdated(time(active.updated()))
                            .build());
        }
    }

    private DumpSection routes() {
        return new DumpSection(RoutesConfigDump.class, RoutesConfigDump::getDefaultInstance)
                .list("static_route_configs", () -> InlineRoutes.of(config.listeners(), names))
                .list(
                        "dynamic_route_configs",
                        () -> shown(config.routes()).map(ConfigSections::dynamicRoutes));
    }

    private static Message dynamicRoutes(StoredResource route) {
        RoutesConfigDump.DynamicRouteConfig.Builder entry =
                RoutesConfigDump.DynamicRouteConfig.newBuilder();
        StoredVersion active = route.active();
        if (active != null) {
            entry.setVersionInfo(active.version())
                    .setRouteConfig(active.body())
                    .setLastUpdated(time(active.updated()));
        }
        if (route.error() != null) {
            entry.setErrorState(failure(route.error()));
        }
        return entry.build();
    }

    private DumpSection secrets() {
        return new DumpSection(SecretsConfigDump.class, SecretsConfigDump::getDefaultInstance)
                .list(
                        "static_secrets",
                        () ->
                                config.staticSecrets().stream()
                                        .filter(secret -> names.test(secret.getName()))
                                        .map(ConfigSections::staticSecret))
                .list(
                        "dynamic_active_secrets",
                        () ->
                                shown(config.secrets())
                                        .filter(secret -> secret.active() != null)
                                        .map(secret -> dynamicSecret(secret)))
                .list(
                        "dynamic_warming_secrets",
                        () ->
                                shown(config.secrets())
                                        .filter(secret -> secret.active() == null)
                                        .map(secret -> dynamicSecret(secret)));
    }

    private static Message staticSecret(Secret secret) {
        return SecretsConfigDump.StaticSecret.newBuilder()
                .setName(secret.getName())
                .setSecret(Packed.of(secret))
                .build();
    }

    private static Message dynamicSecret(StoredResource secret) {
        SecretsConfigDump.DynamicSecret.Builder entry =
                SecretsConfigDump.DynamicSecret.newBuilder().setName(secret.name());
        StoredVersion active = secret.active();
        if (active != null) {
            entry.setVersionInfo(active.version())
                    .setSecret(ResolvedSecret.of(active.body()))
                    .setLastUpdated(time(active.updated()));
        }
        return entry.build();
    }
}
