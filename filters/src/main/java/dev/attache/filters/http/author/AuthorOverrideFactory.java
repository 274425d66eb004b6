package dev.attache.filters.http.author;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SettingsCompiler;
import dev.attache.filter.OverridableFilterFactory;
import dev.attache.filters.http.author.settings.SettingsTree;

/** Lets a filter of an author read the settings of a route. */
final class AuthorOverrideFactory implements SettingsCompiler<Object> {
    private final OverridableFilterFactory factory;

    AuthorOverrideFactory(OverridableFilterFactory factory) {
        this.factory = factory;
    }

    @Override
    public Compiled<Object> compile(Struct settings, CompileContext context) {
        return compile(SettingsTree.of(MetadataValues.compile(settings), context), context);
    }

    @Override
    public Compiled<Object> compile(ByteString message, CompileContext context) {
        return compile(SettingsTree.of(message.toByteArray(), context), context);
    }

    private Compiled<Object> compile(SettingsTree settings, CompileContext context) {
        return settings.result(() -> factory.override(settings), context);
    }
}
