package dev.attache.filters.istio.network_peer_metadata;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.filters.istio.metadata.Baggage;
import dev.attache.filters.istio.metadata.NodeWorkloadFactory;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.network.NetworkFilterSpec;

/** Reads {@code envoy.extensions.network_filters.peer_metadata.Config}. */
public final class TunnelPeerFactory implements OverlayCompiler<NetworkFilterSpec> {
    @Override
    public Compiled<NetworkFilterSpec> compile(Overlay proto, CompileContext context) {
        return context.result(
                new TunnelPeerSpec(
                        Octets.of(proto.text("baggage_key")),
                        Baggage.of(NodeWorkloadFactory.withoutLocality(context))));
    }
}
