package dev.attache.filters.istio.network_peer_metadata;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;

/** Reads {@code envoy.extensions.network_filters.peer_metadata.UpstreamConfig}. */
public final class UpstreamPeerFactory implements OverlayCompiler<UpstreamNetworkFilterSpec> {
    @Override
    public Compiled<UpstreamNetworkFilterSpec> compile(Overlay proto, CompileContext context) {
        return context.result(scope -> connection -> new UpstreamPeerFilter(connection.info()));
    }
}
