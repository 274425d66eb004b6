package dev.attache.filters.formatter.req_without_query;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.stream.format.CommandFactory;
import io.envoyproxy.envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery;

/** The formatter of paths without query. */
public final class ReqWithoutQueryFactory
        implements ExtensionFactory<ReqWithoutQuery, CommandFactory> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.FORMATTER, ReqWithoutQuery.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.formatter.req_without_query";
    }

    @Override
    public Class<ReqWithoutQuery> protoType() {
        return ReqWithoutQuery.class;
    }

    @Override
    public ReqWithoutQuery prototype() {
        return ReqWithoutQuery.getDefaultInstance();
    }

    @Override
    public Compiled<CommandFactory> compile(ReqWithoutQuery proto, CompileContext context) {
        return context.result(new PathWithoutQuery());
    }
}
