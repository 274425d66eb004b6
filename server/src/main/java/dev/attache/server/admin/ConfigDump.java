package dev.attache.server.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.server.AttacheServer;
import dev.attache.server.plane.StoredError;
import dev.attache.server.plane.StoredResource;
import dev.attache.server.plane.StoredVersion;
import io.envoyproxy.envoy.admin.v3.BootstrapConfigDump;
import io.envoyproxy.envoy.admin.v3.ClustersConfigDump;
import io.envoyproxy.envoy.admin.v3.ConfigDump.Builder;
import io.envoyproxy.envoy.admin.v3.EndpointsConfigDump;
import io.envoyproxy.envoy.admin.v3.ListenersConfigDump;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.ScopedRoutesConfigDump;
import io.envoyproxy.envoy.admin.v3.SecretsConfigDump;
import io.envoyproxy.envoy.admin.v3.UpdateFailureState;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /config_dump}: what was configured, as it arrived, with versions, times and errors;
 * sensitive fields redacted. Main loop only.
 */
final class ConfigDump {

    private final AttacheServer server;
    private final TypeRegistry types;
    private final @Nullable Regex names;

    ConfigDump(AttacheServer server, TypeRegistry types, @Nullable Regex names) {
        this.server = server;
        this.types = types;
        this.names = names;
    }

    /** A request that cannot be answered; the message is the answer. */
    static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        BadRequest(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Everything, or with a mask parts of it. */
    Message all(boolean endpoints, @Nullable String mask) throws BadRequest {
        Builder dump = io.envoyproxy.envoy.admin.v3.ConfigDump.newBuilder();
        for (Message section : sections(endpoints)) {
            // A path that one section does not have may well be another's.
            Message shown = mask == null ? section : new MessageMask(mask, types).trim(section);
            if (shown != null) {
                dump.addConfigs(pack(shown));
            }
        }
        if (mask != null && dump.getConfigsCount() == 0) {
            throw new BadRequest(
                    400,
                    "FieldMask " + mask + " could not be successfully applied to any configs.");
        }
        return new Redaction(types).redact(dump.build());
    }

    /** One repeated field of one section, element by element. */
    Message resource(String field, boolean endpoints, @Nullable String mask) throws BadRequest {
        for (Message section : sections(endpoints)) {
            FieldDescriptor found = section.getDescriptorForType().findFieldByName(field);
            if (found == null) {
                continue;
            }
            if (!found.isRepeated()) {
                throw new BadRequest(
                        400,
                        field
                                + " is not a repeated field. Use ?mask="
                                + field
                                + " to get only this field");
            }
            Builder dump = io.envoyproxy.envoy.admin.v3.ConfigDump.newBuilder();
            for (int i = 0; i < section.getRepeatedFieldCount(found); i++) {
                Message element = (Message) section.getRepeatedField(found, i);
                dump.addConfigs(pack(mask == null ? element : part(element, mask)));
            }
            return new Redaction(types).redact(dump.build());
        }
        throw new BadRequest(404, field + " not found in config dump");
    }

    private Message part(Message resource, String text) throws BadRequest {
        MessageMask mask = new MessageMask(text, types);
        Message part = mask.trimResource(resource);
        if (part == null) {
            throw new BadRequest(
                    400, "FieldMask " + mask.text() + " could not be successfully used.");
        }
        return part;
    }

    private static Any pack(Message message) {
        return Any.pack(message, "type.googleapis.com");
    }

    private List<Message> sections(boolean endpoints) throws BadRequest {
        List<Message> sections = new ArrayList<>();
        sections.add(
                BootstrapConfigDump.newBuilder()
                        .setBootstrap(bootstrap())
                        .setLastUpdated(time(server.lifecycle().started()))
                        .build());
        sections.add(clusters());
        if (endpoints) {
            sections.add(endpoints());
        }
        sections.add(listeners());
        sections.add(ScopedRoutesConfigDump.getDefaultInstance());
        sections.add(routes());
        sections.add(secrets());
        return sections;
    }

    /** As configured, with what the proxy says of itself; not with what flags add to the node. */
    private Bootstrap bootstrap() {
        Node self = server.node();
        return server.bootstrap().toBuilder()
                .setNode(
                        server.bootstrap().getNode().toBuilder()
                                .setUserAgentName(self.getUserAgentName())
                                .setUserAgentBuildVersion(self.getUserAgentBuildVersion())
                                .clearExtensions()
                                .addAllExtensions(self.getExtensionsList()))
                .build();
    }

    private boolean shown(String name) {
        return names == null || names.find(name);
    }

    private List<StoredResource> shown(List<StoredResource> stored) {
        return stored.stream().filter(resource -> shown(resource.name())).toList();
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

    private Message clusters() {
        ClustersConfigDump.Builder dump =
                ClustersConfigDump.newBuilder().setVersionInfo(server.plane().clusters().version());
        List<StoredResource> byName = new ArrayList<>(shown(server.plane().clusters().stored()));
        byName.sort(Comparator.comparing(StoredResource::name));
        for (StoredResource cluster : byName) {
            StoredVersion active = cluster.active();
            if (cluster.isStatic()) {
                if (active != null) {
                    dump.addStaticClusters(
                            ClustersConfigDump.StaticCluster.newBuilder()
                                    .setCluster(active.body())
                                    .setLastUpdated(time(active.updated())));
                }
                continue;
            }
            StoredVersion warming = cluster.warming();
            if (active != null || cluster.error() != null) {
                dump.addDynamicActiveClusters(dynamic(cluster, active));
            }
            if (warming != null) {
                dump.addDynamicWarmingClusters(dynamic(cluster, warming));
            }
        }
        return dump.build();
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

    private Message listeners() {
        ListenersConfigDump.Builder dump =
                ListenersConfigDump.newBuilder()
                        .setVersionInfo(server.plane().listeners().version());
        for (StoredResource listener : shown(server.plane().listeners().stored())) {
            StoredVersion active = listener.active();
            if (listener.isStatic()) {
                if (active != null) {
                    dump.addStaticListeners(
                            ListenersConfigDump.StaticListener.newBuilder()
                                    .setListener(active.body())
                                    .setLastUpdated(time(active.updated())));
                }
                continue;
            }
            ListenersConfigDump.DynamicListener.Builder entry =
                    ListenersConfigDump.DynamicListener.newBuilder().setName(listener.name());
            if (active != null) {
                entry.setActiveState(state(active));
            }
            if (listener.warming() != null) {
                entry.setWarmingState(state(listener.warming()));
            }
            if (listener.error() != null) {
                entry.setErrorState(failure(listener.error()));
            }
            dump.addDynamicListeners(entry);
        }
        return dump.build();
    }

    private static ListenersConfigDump.DynamicListenerState state(StoredVersion version) {
        return ListenersConfigDump.DynamicListenerState.newBuilder()
                .setVersionInfo(version.version())
                .setListener(version.body())
                .setLastUpdated(time(version.updated()))
                .build();
    }

    private Message routes() throws BadRequest {
        RoutesConfigDump.Builder dump = RoutesConfigDump.newBuilder();
        new InlineRoutes(types)
                .of(server.plane().listeners().stored())
                .forEach((route, updated) ->
                        dump.addStaticRouteConfigs(
                                RoutesConfigDump.StaticRouteConfig.newBuilder()
                                        .setRouteConfig(pack(route))
                                        .setLastUpdated(time(updated))));
        for (StoredResource route : shown(server.plane().routes().stored())) {
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
            dump.addDynamicRouteConfigs(entry);
        }
        return dump.build();
    }

    private Message endpoints() {
        EndpointsConfigDump.Builder dump = EndpointsConfigDump.newBuilder();
        for (SharedCluster cluster : server.plane().clusters().active().values()) {
            if (!shown(EndpointMessages.name(cluster))) {
                continue;
            }
            Any endpoints = pack(EndpointMessages.of(cluster));
            if (cluster.spec().addedViaApi()) {
                dump.addDynamicEndpointConfigs(
                        EndpointsConfigDump.DynamicEndpointConfig.newBuilder()
                                .setEndpointConfig(endpoints));
            } else {
                dump.addStaticEndpointConfigs(
                        EndpointsConfigDump.StaticEndpointConfig.newBuilder()
                                .setEndpointConfig(endpoints));
            }
        }
        return dump.build();
    }

    private Message secrets() throws BadRequest {
        SecretsConfigDump.Builder dump = SecretsConfigDump.newBuilder();
        server.plane()
                .secrets()
                .statics()
                .forEach(secret -> {
                    if (shown(secret.getName())) {
                        dump.addStaticSecrets(
                                SecretsConfigDump.StaticSecret.newBuilder()
                                        .setName(secret.getName())
                                        .setSecret(pack(secret)));
                    }
                });
        for (StoredResource secret : shown(server.plane().secrets().stored())) {
            SecretsConfigDump.DynamicSecret.Builder entry =
                    SecretsConfigDump.DynamicSecret.newBuilder().setName(secret.name());
            StoredVersion active = secret.active();
            if (active != null) {
                entry.setVersionInfo(active.version())
                        .setSecret(ResolvedSecret.of(active.body()))
                        .setLastUpdated(time(active.updated()));
                dump.addDynamicActiveSecrets(entry);
            } else {
                dump.addDynamicWarmingSecrets(entry);
            }
        }
        return dump.build();
    }

    /** Parses an Any, for those who must look inside. */
    static <T extends Message> T unpack(Any any, Class<T> type) throws BadRequest {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new BadRequest(500, "unreadable " + any.getTypeUrl());
        }
    }
}
