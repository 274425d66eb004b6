package dev.attache.filters.network.sni_cluster;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import io.envoyproxy.envoy.extensions.filters.network.sni_cluster.v3.SniCluster;

/** Compiles {@code envoy.filters.network.sni_cluster}. */
public final class SniClusterFactory implements ExtensionFactory<SniCluster, SniClusterSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.NETWORK_FILTER, SniCluster.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.network.sni_cluster";
    }

    @Override
    public Class<SniCluster> protoType() {
        return SniCluster.class;
    }

    @Override
    public SniCluster prototype() {
        return SniCluster.getDefaultInstance();
    }

    @Override
    public Compiled<SniClusterSpec> compile(SniCluster proto, CompileContext context) {
        return context.result(new SniClusterSpec());
    }
}
