package dev.attache.xds;

import org.jspecify.annotations.Nullable;

/**
 * One kind of resource a control plane serves, by its type URL. The constants are the types of
 * Envoy's own discovery services; any other type URL may be carried over ADS.
 *
 * @param typeUrl the type URL of the resource message, with the {@code type.googleapis.com/} prefix
 * @param service the gRPC service that serves this type outside ADS, or null where there is none
 * @param sotwMethod the service's state-of-the-world method, or null where there is none
 * @param deltaMethod the service's incremental method, or null where there is none
 */
public record ResourceType(
        String typeUrl,
        @Nullable String service,
        @Nullable String sotwMethod,
        @Nullable String deltaMethod) {

    private static final String PREFIX = "type.googleapis.com/";

    public static final ResourceType CLUSTER =
            of("envoy.config.cluster.v3.Cluster", "cluster.v3.Cluster", "Clusters");
    public static final ResourceType ENDPOINT =
            of(
                    "envoy.config.endpoint.v3.ClusterLoadAssignment",
                    "endpoint.v3.Endpoint",
                    "Endpoints");
    public static final ResourceType LISTENER =
            of("envoy.config.listener.v3.Listener", "listener.v3.Listener", "Listeners");
    public static final ResourceType ROUTE =
            of("envoy.config.route.v3.RouteConfiguration", "route.v3.Route", "Routes");
    public static final ResourceType SCOPED_ROUTE =
            of(
                    "envoy.config.route.v3.ScopedRouteConfiguration",
                    "route.v3.ScopedRoutes",
                    "ScopedRoutes");
    public static final ResourceType VIRTUAL_HOST =
            new ResourceType(
                    PREFIX + "envoy.config.route.v3.VirtualHost",
                    "envoy.service.route.v3.VirtualHostDiscoveryService",
                    null,
                    "DeltaVirtualHosts");
    public static final ResourceType SECRET =
            of("envoy.extensions.transport_sockets.tls.v3.Secret", "secret.v3.Secret", "Secrets");
    public static final ResourceType EXTENSION_CONFIG =
            of(
                    "envoy.config.core.v3.TypedExtensionConfig",
                    "extension.v3.ExtensionConfig",
                    "ExtensionConfigs");
    public static final ResourceType RUNTIME =
            of("envoy.service.runtime.v3.Runtime", "runtime.v3.Runtime", "Runtime");

    private static ResourceType of(String message, String service, String plural) {
        return new ResourceType(
                PREFIX + message,
                "envoy.service." + service + "DiscoveryService",
                "Stream" + plural,
                "Delta" + plural);
    }

    /** A type that only ADS can carry. */
    public static ResourceType overAds(String typeUrl) {
        return new ResourceType(typeUrl, null, null, null);
    }

    /** As operators call it: {@code cds}, {@code lds} …; the message's name for others. */
    public String shortName() {
        return switch (typeUrl.substring(typeUrl.lastIndexOf('.') + 1)) {
            case "Cluster" -> "cds";
            case "ClusterLoadAssignment" -> "eds";
            case "Listener" -> "lds";
            case "RouteConfiguration" -> "rds";
            case "ScopedRouteConfiguration" -> "srds";
            case "VirtualHost" -> "vhds";
            case "Secret" -> "sds";
            case "TypedExtensionConfig" -> "ecds";
            case "Runtime" -> "rtds";
            default -> typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResourceType that && typeUrl.equals(that.typeUrl);
    }

    @Override
    public int hashCode() {
        return typeUrl.hashCode();
    }

    @Override
    public String toString() {
        return typeUrl;
    }
}
