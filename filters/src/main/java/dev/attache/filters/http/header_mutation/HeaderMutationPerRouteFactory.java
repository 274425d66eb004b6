package dev.attache.filters.http.header_mutation;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute;

/** What one level of a route does beside the filter. */
public final class HeaderMutationPerRouteFactory
        implements ExtensionCompiler<HeaderMutationPerRoute, Object> {
    @Override
    public HeaderMutationPerRoute prototype() {
        return HeaderMutationPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(HeaderMutationPerRoute proto, CompileContext context) {
        return context.result(
                MutationsFactory.compile(proto.getMutations(), context.at("mutations")));
    }
}
