package dev.attache.filters.formatter.req_without_query;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.stream.format.CommandFactory;
import io.envoyproxy.envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery;

/** The formatter of paths without query. */
public final class ReqWithoutQueryFactory
        implements ExtensionCompiler<ReqWithoutQuery, CommandFactory> {
    @Override
    public ReqWithoutQuery prototype() {
        return ReqWithoutQuery.getDefaultInstance();
    }

    @Override
    public Compiled<CommandFactory> compile(ReqWithoutQuery proto, CompileContext context) {
        return context.result(new PathWithoutQuery());
    }
}
