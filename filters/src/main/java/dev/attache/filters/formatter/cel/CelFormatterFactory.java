package dev.attache.filters.formatter.cel;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.proxy.stream.format.CommandFactory;
import io.envoyproxy.envoy.extensions.formatter.cel.v3.Cel;

/** The formatter of expressions. */
public final class CelFormatterFactory implements ExtensionCompiler<Cel, CommandFactory> {
    @Override
    public Cel prototype() {
        return Cel.getDefaultInstance();
    }

    @Override
    public Compiled<CommandFactory> compile(Cel proto, CompileContext context) {
        return context.result(
                new CelCommands(
                        CelExpressionFactory.options(Overlay.of(proto).overlay("cel_config")),
                        CelExpressionFactory.node(context)));
    }
}
