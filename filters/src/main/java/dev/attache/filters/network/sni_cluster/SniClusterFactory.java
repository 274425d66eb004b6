package dev.attache.filters.network.sni_cluster;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.network.sni_cluster.v3.SniCluster;

/** Compiles {@code envoy.filters.network.sni_cluster}. */
public final class SniClusterFactory implements ExtensionCompiler<SniCluster, SniClusterSpec> {
    @Override
    public SniCluster prototype() {
        return SniCluster.getDefaultInstance();
    }

    @Override
    public Compiled<SniClusterSpec> compile(SniCluster proto, CompileContext context) {
        return context.result(new SniClusterSpec());
    }
}
