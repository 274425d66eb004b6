package dev.attache.filters.transport_sockets.internal_upstream;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.transport.ClientTransportSpec;
import io.envoyproxy.envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKind;
import java.util.ArrayList;
import java.util.List;

/** The transport socket of a cluster that leads to internal listeners. */
public final class InternalUpstreamFactory
        implements ExtensionCompiler<InternalUpstreamTransport, InternalUpstreamSpec> {

    @Override
    public InternalUpstreamTransport prototype() {
        return InternalUpstreamTransport.getDefaultInstance();
    }

    @Override
    public Compiled<InternalUpstreamSpec> compile(
            InternalUpstreamTransport proto, CompileContext context) {
        List<InternalUpstreamSpec.Source> sources = new ArrayList<>();
        for (int i = 0; i < proto.getPassthroughMetadataCount(); i++) {
            var source = proto.getPassthroughMetadata(i);
            MetadataKind kind = source.getKind();
            if (!kind.hasHost() && !kind.hasCluster()) {
                context.at("passthrough_metadata", i)
                        .at("kind")
                        .error(
                                "metadata type is not supported: " + name(kind),
                                "use host or cluster");
                continue;
            }
            sources.add(new InternalUpstreamSpec.Source(kind.hasHost(), source.getName()));
        }
        var inner = proto.getTransportSocket();
        ClientTransportSpec carried =
                context.at("transport_socket")
                        .at("typed_config")
                        .extension(
                                ExtensionCategory.UPSTREAM_TRANSPORT_SOCKET,
                                ClientTransportSpec.class,
                                inner.getName(),
                                inner.getTypedConfig());
        return context.result(carried == null ? null : new InternalUpstreamSpec(sources, carried));
    }

    private static String name(MetadataKind kind) {
        return switch (kind.getKindCase()) {
            case REQUEST -> "request";
            case ROUTE -> "route";
            case CLUSTER -> "cluster";
            case HOST -> "host";
            case KIND_NOT_SET -> "";
        };
    }
}
