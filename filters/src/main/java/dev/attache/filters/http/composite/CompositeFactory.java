package dev.attache.filters.http.composite;

import com.github.xds.type.matcher.v3.Matcher;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.delegation.FilterAction.Execute;
import dev.attache.filters.delegation.FilterMatcher;
import dev.attache.filters.delegation.FilterMatcherFactory;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.Composite;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.FilterChainConfiguration;
import java.util.HashMap;
import java.util.Map;

/** The filter in the chain. */
public final class CompositeFactory implements ExtensionCompiler<Composite, HttpFilterSpec> {
    private final ExtensionCategory category;

    /**
     * @param category of the filters that it may execute: of connection managers, or of attempts
     */
    public CompositeFactory(ExtensionCategory category) {
        this.category = category;
    }

    @Override
    public Composite prototype() {
        return Composite.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(Composite proto, CompileContext context) {
        Overlay newer = Overlay.of(proto);
        Matcher matcher = newer.message("matcher", Matcher.getDefaultInstance());
        FilterMatcher own =
                matcher == null
                        ? null
                        : FilterMatcherFactory.compile(matcher, category, context.at("matcher"));
        boolean ofManager = category == ExtensionCategory.HTTP_FILTER;
        Map<String, Execute> named = ofManager ? named(newer, context) : Map.of();
        return context.result(new CompositeSpec(own, named, ofManager));
    }

    /** Filters of attempts have none, as in Envoy. */
    private Map<String, Execute> named(Overlay newer, CompileContext context) {
        Map<String, Execute> named = new HashMap<>();
        newer.entries("named_filter_chains")
                .forEach((name, entry) -> {
                    FilterChainConfiguration chain =
                            entry.message("value", FilterChainConfiguration.getDefaultInstance());
                    Execute action =
                            FilterMatcherFactory.chain(
                                    name,
                                    (chain == null
                                                    ? FilterChainConfiguration.getDefaultInstance()
                                                    : chain)
                                            .getTypedConfigList(),
                                    "Named filter chain '%s' must contain at least one filter."
                                            .formatted(name),
                                    Fraction.ALWAYS,
                                    category,
                                    context.at("named_filter_chains", name));
                    if (action != null) {
                        named.put(name, action);
                    }
                });
        return named;
    }
}
