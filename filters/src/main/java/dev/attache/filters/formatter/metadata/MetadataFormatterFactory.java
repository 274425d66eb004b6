package dev.attache.filters.formatter.metadata;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.stream.format.CommandFactory;
import io.envoyproxy.envoy.extensions.formatter.metadata.v3.Metadata;

/** The metadata formatter. */
public final class MetadataFormatterFactory implements ExtensionFactory<Metadata, CommandFactory> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.FORMATTER, Metadata.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.formatter.metadata";
    }

    @Override
    public Class<Metadata> protoType() {
        return Metadata.class;
    }

    @Override
    public Metadata prototype() {
        return Metadata.getDefaultInstance();
    }

    @Override
    public Compiled<CommandFactory> compile(Metadata proto, CompileContext context) {
        return context.result((name, argument, maxLength) -> null);
    }
}
