package dev.attache.filters.network.sni_dynamic_forward_proxy;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.discovery.DnsCacheCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;
import io.envoyproxy.envoy.extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig;

/** Compiles {@code envoy.filters.network.sni_dynamic_forward_proxy}. */
public final class SniDynamicForwardProxyFactory
        implements ExtensionCompiler<FilterConfig, SniDynamicForwardProxySpec> {

    @Override
    public FilterConfig prototype() {
        return FilterConfig.getDefaultInstance();
    }

    @Override
    public Compiled<SniDynamicForwardProxySpec> compile(
            FilterConfig proto, CompileContext context) {
        DnsCacheSlot cache =
                DnsCacheCompiler.compile(proto.getDnsCacheConfig(), context.at("dns_cache_config"));
        return context.result(
                cache == null
                        ? null
                        : new SniDynamicForwardProxySpec(
                                cache, proto.getPortValue(), proto.getSaveUpstreamAddress()));
    }
}
