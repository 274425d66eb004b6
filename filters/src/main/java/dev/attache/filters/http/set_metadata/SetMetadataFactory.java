package dev.attache.filters.http.set_metadata;

import dev.attache.config.Compiled;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Config;
import io.envoyproxy.envoy.extensions.filters.http.set_metadata.v3.Metadata;
import java.util.ArrayList;
import java.util.List;

/** The filter in the chain. */
public final class SetMetadataFactory implements ExtensionCompiler<Config, HttpFilterSpec> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Config proto, CompileContext context) {
        return context.result(new SetMetadataSpec(settings(proto, context)));
    }

    @SuppressWarnings("deprecation") // the fields of one namespace are as good as ever
    static SetMetadataSettings settings(Config proto, CompileContext context) {
        List<Entry> entries = new ArrayList<>();
        List<Entry> typed = new ArrayList<>();
        if (proto.hasValue() && !proto.getMetadataNamespace().isEmpty()) {
            entries.add(
                    new Entry.Untyped(
                            proto.getMetadataNamespace(),
                            MetadataValues.compile(proto.getValue()),
                            true));
        }
        for (int i = 0; i < proto.getMetadataCount(); i++) {
            Metadata each = proto.getMetadata(i);
            if (each.hasValue()) {
                entries.add(
                        new Entry.Untyped(
                                each.getMetadataNamespace(),
                                MetadataValues.compile(each.getValue()),
                                each.getAllowOverwrite()));
            } else if (each.hasTypedValue()) {
                typed.add(
                        new Entry.Typed(
                                each.getMetadataNamespace(),
                                new TypedMetadata(
                                        each.getTypedValue().getTypeUrl(),
                                        each.getTypedValue().getValue().toByteArray()),
                                each.getAllowOverwrite()));
            } else {
                context.at("metadata", i)
                        .warning(
                                "set_metadata filter configuration contains metadata entries without"
                                        + " value or typed_value");
            }
        }
        entries.addAll(typed);
        return new SetMetadataSettings(entries);
    }
}
