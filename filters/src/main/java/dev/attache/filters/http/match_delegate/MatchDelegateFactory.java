package dev.attache.filters.http.match_delegate;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.FilterMatcherFactory;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import org.jspecify.annotations.Nullable;

/** The filter in the chain. */
public final class MatchDelegateFactory
        implements ExtensionCompiler<ExtensionWithMatcher, HttpFilterSpec> {
    private final ExtensionCategory category;

    /**
     * @param category of the filter that it holds: of connection managers, or of attempts
     */
    public MatchDelegateFactory(ExtensionCategory category) {
        this.category = category;
    }

    @Override
    public ExtensionWithMatcher prototype() {
        return ExtensionWithMatcher.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(ExtensionWithMatcher proto, CompileContext context) {
        HttpFilterSpec filter =
                FilterMatcherFactory.filter(
                        proto.getExtensionConfig(), category, context.at("extension_config"));
        FilterMatcher matcher = matcher(proto, context);
        return context.result(filter == null ? null : new MatchDelegateSpec(filter, matcher));
    }

    @SuppressWarnings("deprecation") // control planes still send the older matcher
    private @Nullable FilterMatcher matcher(ExtensionWithMatcher proto, CompileContext context) {
        if (proto.hasXdsMatcher()) {
            return FilterMatcherFactory.compile(
                    proto.getXdsMatcher(), category, context.at("xds_matcher"));
        }
        return proto.hasMatcher()
                ? FilterMatcherFactory.compile(proto.getMatcher(), category, context.at("matcher"))
                : null;
    }
}
