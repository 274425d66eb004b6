package dev.attache.filters.matching.input_matchers;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.proxy.matching.InputMatcher;
import io.envoyproxy.envoy.extensions.matching.input_matchers.metadata.v3.Metadata;

/** Tests a value of dynamic metadata. */
public final class MetadataFactory implements ExtensionCompiler<Metadata, InputMatcher> {
    @Override
    public Metadata prototype() {
        return Metadata.getDefaultInstance();
    }

    @Override
    public Compiled<InputMatcher> compile(Metadata proto, CompileContext context) {
        var value = ValueMatchers.compile(proto.getValue(), context.at("value"));
        return context.result(value == null ? null : new MetadataMatcher(value, proto.getInvert()));
    }
}
