package dev.attache.filters.http.author;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SettingsCompiler;
import dev.attache.filter.FilterFactory;
import dev.attache.filters.http.author.settings.SettingsTree;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** Lets a filter of an author read its settings. */
final class AuthorFilterFactory implements SettingsCompiler<HttpFilterSpec> {
    private final FilterFactory factory;

    AuthorFilterFactory(FilterFactory factory) {
        this.factory = factory;
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Struct settings, CompileContext context) {
        return compile(SettingsTree.of(MetadataValues.compile(settings), context), context);
    }

    @Override
    public Compiled<HttpFilterSpec> compile(ByteString message, CompileContext context) {
        return compile(SettingsTree.of(message.toByteArray(), context), context);
    }

    private Compiled<HttpFilterSpec> compile(SettingsTree settings, CompileContext context) {
        return settings.result(() -> AuthorSpec.of(factory, settings), context);
    }
}
