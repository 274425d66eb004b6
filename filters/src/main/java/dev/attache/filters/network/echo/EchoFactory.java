package dev.attache.filters.network.echo;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;

/** Compiles {@code envoy.filters.network.echo}. */
public final class EchoFactory implements ExtensionFactory<Echo, EchoSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.NETWORK_FILTER, Echo.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.network.echo";
    }

    @Override
    public Class<Echo> protoType() {
        return Echo.class;
    }

    @Override
    public Echo prototype() {
        return Echo.getDefaultInstance();
    }

    @Override
    public Compiled<EchoSpec> compile(Echo proto, CompileContext context) {
        return context.result(new EchoSpec());
    }
}
