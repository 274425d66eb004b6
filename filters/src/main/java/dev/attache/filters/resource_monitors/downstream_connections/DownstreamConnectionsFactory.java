package dev.attache.filters.resource_monitors.downstream_connections;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.overload.DownstreamConnectionLimit;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;

/** The connection limit of the process. */
public final class DownstreamConnectionsFactory
        implements ExtensionCompiler<DownstreamConnectionsConfig, DownstreamConnectionLimit> {
    @Override
    public DownstreamConnectionsConfig prototype() {
        return DownstreamConnectionsConfig.getDefaultInstance();
    }

    @Override
    public Compiled<DownstreamConnectionLimit> compile(
            DownstreamConnectionsConfig proto, CompileContext context) {
        return context.result(
                new DownstreamConnectionLimit(proto.getMaxActiveDownstreamConnections()));
    }
}
