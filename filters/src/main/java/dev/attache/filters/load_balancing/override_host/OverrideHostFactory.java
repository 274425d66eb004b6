package dev.attache.filters.load_balancing.override_host;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.BalancingCompiler;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost;
import io.envoyproxy.envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost.OverrideHostSource;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.util.ArrayList;
import java.util.List;

/** Hosts that the request names, and a policy of its own choice where it names none. */
public final class OverrideHostFactory implements ExtensionCompiler<OverrideHost, PolicyChoice> {
    @Override
    public OverrideHost prototype() {
        return OverrideHost.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(OverrideHost proto, CompileContext context) {
        List<HostSource> sources = new ArrayList<>();
        for (int i = 0; i < proto.getOverrideHostSourcesCount(); i++) {
            OverrideHostSource source = proto.getOverrideHostSources(i);
            if (source.getHeader().isEmpty() != source.hasMetadata()) {
                context.at("override_host_sources", i)
                        .error(
                                source.hasMetadata()
                                        ? "Only one override source must be set"
                                        : "Empty override source");
            } else {
                sources.add(source(source));
            }
        }
        PolicyChoice fallback =
                BalancingCompiler.choose(
                        proto.getFallbackPolicy(), "override host", context.at("fallback_policy"));
        if (fallback == null) {
            return context.result(null);
        }
        MetadataKey told =
                Overlay.of(proto).message("selected_host_key", MetadataKey.getDefaultInstance());
        return context.result(
                new PolicyChoice(
                        new OverrideHostSpec(
                                sources, told == null ? null : place(told), fallback.balancer()),
                        fallback.adjust()));
    }

    private static HostSource source(OverrideHostSource source) {
        return source.hasMetadata()
                ? place(source.getMetadata())
                : new HostSource.Header(HeaderName.of(source.getHeader()));
    }

    private static MetadataPlace place(MetadataKey key) {
        return new MetadataPlace(
                key.getKey(),
                key.getPathList().stream().map(MetadataKey.PathSegment::getKey).toList());
    }
}
