package dev.attache.filters.network.connection_limit;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.core.RuntimeFlags;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;

/** Compiles {@code envoy.filters.network.connection_limit}. */
public final class ConnectionLimitFactory
        implements ExtensionCompiler<ConnectionLimit, ConnectionLimitSpec> {
    @Override
    public ConnectionLimit prototype() {
        return ConnectionLimit.getDefaultInstance();
    }

    @Override
    public Compiled<ConnectionLimitSpec> compile(ConnectionLimit proto, CompileContext context) {
        return context.result(
                new ConnectionLimitSpec(
                        proto.getStatPrefix(),
                        RuntimeFlags.compile(
                                proto.getRuntimeEnabled(), context.at("runtime_enabled")),
                        unsigned(proto.getMaxConnections().getValue()),
                        Durations.millis(proto.getDelay(), context.at("delay"))));
    }

    /** Above half of 64 bits it limits nothing. */
    private static long unsigned(long max) {
        return max < 0 ? Long.MAX_VALUE : max;
    }
}
