package dev.attache.filters.istio.stats;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** Istio's metrics of requests. */
public final class IstioStatsFactory implements OverlayCompiler<HttpFilterSpec> {
    @Override
    public Compiled<HttpFilterSpec> compile(Overlay proto, CompileContext context) {
        return context.result(
                new IstioStatsSpec(IstioStatsSettingsFactory.compile(proto, context)));
    }
}
