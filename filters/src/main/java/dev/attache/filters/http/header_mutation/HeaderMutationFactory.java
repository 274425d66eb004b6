package dev.attache.filters.http.header_mutation;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;

/** The filter in the chain. */
public final class HeaderMutationFactory
        implements ExtensionCompiler<HeaderMutation, HttpFilterSpec> {
    @Override
    public HeaderMutation prototype() {
        return HeaderMutation.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(HeaderMutation proto, CompileContext context) {
        return context.result(
                new HeaderMutationSpec(
                        MutationsFactory.compile(proto.getMutations(), context.at("mutations")),
                        proto.getMostSpecificHeaderMutationsWins()));
    }
}
