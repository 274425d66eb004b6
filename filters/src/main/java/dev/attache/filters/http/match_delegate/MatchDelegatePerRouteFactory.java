package dev.attache.filters.http.match_delegate;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.FilterMatcherFactory;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcherPerRoute;

/** A route's matcher, in place of the filter's. */
public final class MatchDelegatePerRouteFactory
        implements ExtensionCompiler<ExtensionWithMatcherPerRoute, Object> {
    @Override
    public ExtensionWithMatcherPerRoute prototype() {
        return ExtensionWithMatcherPerRoute.getDefaultInstance();
    }

    @Override
    public Compiled<Object> compile(ExtensionWithMatcherPerRoute proto, CompileContext context) {
        FilterMatcher matcher =
                FilterMatcherFactory.ofRoute(
                        proto.getXdsMatcher(),
                        ExtensionCategory.HTTP_FILTER,
                        context.at("xds_matcher"));
        return context.result(matcher == null ? null : new RouteMatcher(matcher));
    }
}
