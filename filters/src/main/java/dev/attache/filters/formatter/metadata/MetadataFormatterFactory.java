package dev.attache.filters.formatter.metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.stream.format.CommandFactory;
import io.envoyproxy.envoy.extensions.formatter.metadata.v3.Metadata;

/** The metadata formatter. */
public final class MetadataFormatterFactory implements ExtensionCompiler<Metadata, CommandFactory> {
    @Override
    public Metadata prototype() {
        return Metadata.getDefaultInstance();
    }

    @Override
    public Compiled<CommandFactory> compile(Metadata proto, CompileContext context) {
        return context.result((name, argument, maxLength) -> null);
    }
}
