package dev.attache.filters.istio.stats;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.network.NetworkFilterSpec;

/** Istio's metrics of connections. */
public final class NetworkIstioStatsFactory implements OverlayCompiler<NetworkFilterSpec> {
    @Override
    public Compiled<NetworkFilterSpec> compile(Overlay proto, CompileContext context) {
        return context.result(
                new NetworkIstioStatsSpec(IstioStatsSettingsFactory.compile(proto, context)));
    }
}
