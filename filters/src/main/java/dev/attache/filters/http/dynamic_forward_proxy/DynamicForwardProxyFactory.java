package dev.attache.filters.http.dynamic_forward_proxy;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.discovery.DnsCacheCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;
import io.envoyproxy.envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig;

/** The filter in the chain. */
public final class DynamicForwardProxyFactory
        implements ExtensionCompiler<FilterConfig, HttpFilterSpec> {

    @Override
    public FilterConfig prototype() {
        return FilterConfig.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(FilterConfig proto, CompileContext context) {
        DnsCacheSlot cache =
                DnsCacheCompiler.compile(proto.getDnsCacheConfig(), context.at("dns_cache_config"));
        return context.result(
                cache == null
                        ? null
                        : new DynamicForwardProxySpec(
                                cache,
                                proto.getSaveUpstreamAddress(),
                                proto.getAllowDynamicHostFromFilterState()));
    }
}
