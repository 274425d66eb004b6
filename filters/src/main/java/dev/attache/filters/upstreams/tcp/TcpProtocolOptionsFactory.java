package dev.attache.filters.upstreams.tcp;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.TcpPoolOptions;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.envoyproxy.envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions;

/** TCP pool options of a cluster. */
public final class TcpProtocolOptionsFactory
        implements ExtensionCompiler<TcpProtocolOptions, TcpPoolOptions> {
    @Override
    public TcpProtocolOptions prototype() {
        return TcpProtocolOptions.getDefaultInstance();
    }

    @Override
    public Compiled<TcpPoolOptions> compile(TcpProtocolOptions proto, CompileContext context) {
        return context.result(
                new TcpPoolOptions(
                        Durations.millis(
                                proto.hasIdleTimeout(),
                                proto.getIdleTimeout(),
                                ClusterSpec.TCP_IDLE_TIMEOUT_MILLIS,
                                context.at("idle_timeout"))));
    }
}
