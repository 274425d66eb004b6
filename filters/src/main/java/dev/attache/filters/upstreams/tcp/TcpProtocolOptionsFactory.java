package dev.attache.filters.upstreams.tcp;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.TcpPoolOptions;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.envoyproxy.envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions;

/** TCP pool options of a cluster. */
public final class TcpProtocolOptionsFactory
        implements ExtensionFactory<TcpProtocolOptions, TcpPoolOptions> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(
                ExtensionCategory.UPSTREAM_OPTIONS, TcpProtocolOptions.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions";
    }

    @Override
    public Class<TcpProtocolOptions> protoType() {
        return TcpProtocolOptions.class;
    }

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
