package dev.attache.filters.istio.metadata_exchange;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.network.NetworkFilterSpec;

/** The filter in a filter chain. */
public final class MetadataExchangeFactory implements OverlayCompiler<NetworkFilterSpec> {
    @Override
    public Compiled<NetworkFilterSpec> compile(Overlay proto, CompileContext context) {
        return context.result(
                new MetadataExchangeSpec(ExchangeSettingsFactory.compile(proto, true, context)));
    }
}
