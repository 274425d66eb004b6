package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.Null;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/** {@code xds.*}: names and metadata of what of the configuration serves. */
final class XdsAttributes {
    private XdsAttributes() {}

    static @Nullable Attribute find(String name, NodeMessage node) {
        return switch (name) {
            case "node" -> context -> node.isKnown() ? node : null;
            case "cluster_name" -> context -> text(context.info().clusterName);
            case "cluster_metadata" ->
                    context ->
                            context.info().clusterName == null
                                    ? null
                                    : message(context.info().clusterMetadata);
            case "route_name" ->
                    context -> context.info().routed ? text(context.info().routeName) : null;
            case "route_metadata" ->
                    context -> context.info().routed ? message(context.info().routeMetadata) : null;
            case "virtual_host_name" ->
                    context -> hosted(context) ? text(context.info().virtualHostName) : null;
            case "virtual_host_metadata" ->
                    context -> hosted(context) ? message(context.info().virtualHostMetadata) : null;
            case "upstream_host_metadata" -> XdsAttributes::hostMetadata;
            // Metadata of localities is not kept: what it is where there is none.
            case "upstream_host_locality_metadata" ->
                    context -> host(context) == null ? null : Null.NULL;
            case "filter_chain_name" ->
                    context -> text(context.info().downstream().filterChainName());
            case "listener_metadata" -> context -> message(context.info().listenerMetadata);
            case "listener_direction" -> context -> (long) context.info().listenerDirection;
            default -> null;
        };
    }

    private static @Nullable String text(@Nullable String name) {
        return name == null ? null : Octets.of(name);
    }

    private static MetadataMessage message(Metadata metadata) {
        return new MetadataMessage(metadata);
    }

    private static boolean hosted(FormatContext context) {
        StreamInfo info = context.info();
        return !info.virtualHostName.isEmpty();
    }

    private static @Nullable UpstreamInfo host(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null || upstream.host == null ? null : upstream;
    }

    private static @Nullable Object hostMetadata(FormatContext context) {
        UpstreamInfo upstream = host(context);
        if (upstream == null) {
            return null;
        }
        return upstream.hostMetadata.equals(Metadata.EMPTY)
                ? Null.NULL
                : message(upstream.hostMetadata);
    }
}
