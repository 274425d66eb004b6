package dev.attache.filters.istio.metadata_exchange;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;

/** The filter in a cluster. */
public final class UpstreamMetadataExchangeFactory
        implements OverlayCompiler<UpstreamNetworkFilterSpec> {
    @Override
    public Compiled<UpstreamNetworkFilterSpec> compile(Overlay proto, CompileContext context) {
        return context.result(
                new UpstreamMetadataExchangeSpec(
                        ExchangeSettingsFactory.compile(proto, false, context)));
    }
}
