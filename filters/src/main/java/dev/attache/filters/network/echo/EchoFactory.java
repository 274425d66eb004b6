package dev.attache.filters.network.echo;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.network.echo.v3.Echo;

/** Compiles {@code envoy.filters.network.echo}. */
public final class EchoFactory implements ExtensionCompiler<Echo, EchoSpec> {
    @Override
    public Echo prototype() {
        return Echo.getDefaultInstance();
    }

    @Override
    public Compiled<EchoSpec> compile(Echo proto, CompileContext context) {
        return context.result(new EchoSpec());
    }
}
