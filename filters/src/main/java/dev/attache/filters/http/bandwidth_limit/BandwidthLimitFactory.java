package dev.attache.filters.http.bandwidth_limit;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.bandwidth_limit.v3.BandwidthLimit;

/** The filter in the chain. */
public final class BandwidthLimitFactory
        implements ExtensionCompiler<BandwidthLimit, HttpFilterSpec> {
    @Override
    public BandwidthLimit prototype() {
        return BandwidthLimit.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(BandwidthLimit proto, CompileContext context) {
        return context.result(
                new BandwidthLimitSpec(BandwidthLimitPerRouteFactory.settings(proto, context)));
    }
}
