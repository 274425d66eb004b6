package dev.attache.filters.http.composite;

import com.github.xds.type.matcher.v3.Matcher;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.FilterMatcherFactory;

/** A route's matcher, in place of the filter's own. */
public final class CompositePerRouteFactory implements OverlayCompiler<Object> {

    @Override
    public Compiled<Object> compile(Overlay proto, CompileContext context) {
        Matcher matcher = proto.message("matcher", Matcher.getDefaultInstance());
        FilterMatcher compiled =
                FilterMatcherFactory.ofRoute(
                        matcher == null ? Matcher.getDefaultInstance() : matcher,
                        ExtensionCategory.HTTP_FILTER,
                        context.at("matcher"));
        return context.result(compiled == null ? null : new RouteMatcher(compiled));
    }
}
