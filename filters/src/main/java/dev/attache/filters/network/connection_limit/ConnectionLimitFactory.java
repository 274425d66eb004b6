package dev.attache.filters.network.connection_limit;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit;

/** Compiles {@code envoy.filters.network.connection_limit}. */
public final class ConnectionLimitFactory
        implements ExtensionFactory<ConnectionLimit, ConnectionLimitSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.NETWORK_FILTER, ConnectionLimit.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.network.connection_limit";
    }

    @Override
    public Class<ConnectionLimit> protoType() {
        return ConnectionLimit.class;
    }

    @Override
    public ConnectionLimit prototype() {
        return ConnectionLimit.getDefaultInstance();
    }

    @Override
    public Compiled<ConnectionLimitSpec> compile(ConnectionLimit proto, CompileContext context) {
        boolean enabled =
                !proto.hasRuntimeEnabled()
                        || proto.getRuntimeEnabled().getDefaultValue().getValue();
        return context.result(
                new ConnectionLimitSpec(
                        proto.getStatPrefix(),
                        enabled ? proto.getMaxConnections().getValue() : Long.MAX_VALUE,
                        Durations.millis(proto.getDelay(), context.at("delay"))));
    }
}
