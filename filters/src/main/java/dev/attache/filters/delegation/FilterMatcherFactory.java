package dev.attache.filters.delegation;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import dev.attache.api.Overlay;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.DiscoveredFilters;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.config.matching.MatchTrees;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.delegation.FilterAction.Execute;
import dev.attache.filters.delegation.FilterAction.ExecuteNamed;
import dev.attache.filters.delegation.FilterAction.Skip;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.pipeline.DiscoveredHttpFilterSpec;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.stream.HttpMatchData;
import io.envoyproxy.envoy.extensions.filters.common.matcher.action.v3.SkipFilter;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.DynamicConfig;
import io.envoyproxy.envoy.extensions.filters.http.composite.v3.ExecuteFilterAction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matcher trees whose actions are {@code SkipFilter} and {@code ExecuteFilterAction}. Null answers
 * mean that the error has been reported.
 */
public final class FilterMatcherFactory {
    private static final String SKIP =
            "envoy.extensions.filters.common.matcher.action.v3.SkipFilter";
    private static final String EXECUTE =
            "envoy.extensions.filters.http.composite.v3.ExecuteFilterAction";

    private final ExtensionCategory category;
    private final boolean ofRoute;
    private final List<Execute> actions = new ArrayList<>();

    private FilterMatcherFactory(ExtensionCategory category, boolean ofRoute) {
        this.category = category;
        this.ofRoute = ofRoute;
    }

    /**
     * @param category of the filters that actions may name: of connection managers, or of attempts
     */
    public static @Nullable FilterMatcher compile(
            Matcher matcher, ExtensionCategory category, CompileContext context) {
        FilterMatcherFactory factory = new FilterMatcherFactory(category, false);
        return factory.of(MatchTrees.ofHttp(factory::action).compile(matcher, context));
    }

    /** The matcher of a route, whose actions discover no filters. */
    public static @Nullable FilterMatcher ofRoute(
            Matcher matcher, ExtensionCategory category, CompileContext context) {
        FilterMatcherFactory factory = new FilterMatcherFactory(category, true);
        return factory.of(MatchTrees.ofHttp(factory::action).compile(matcher, context));
    }

    /** The same of Envoy's older message. */
    public static @Nullable FilterMatcher compile(
            io.envoyproxy.envoy.config.common.matcher.v3.Matcher matcher,
            ExtensionCategory category,
            CompileContext context) {
        FilterMatcherFactory factory = new FilterMatcherFactory(category, false);
        return factory.of(MatchTrees.ofHttp(factory::action).compile(matcher, context));
    }

    private @Nullable FilterMatcher of(@Nullable MatchTree<HttpMatchData, FilterAction> tree) {
        return tree == null ? null : new FilterMatcher(tree, actions);
    }

    private @Nullable FilterAction action(TypedExtensionConfig config, CompileContext context) {
        CompileContext at = context.at("typed_config");
        String type = CompileContext.messageType(config.getTypedConfig());
        switch (type) {
            case SKIP -> {
                var skip = at.unpack(config.getTypedConfig(), SkipFilter.getDefaultInstance());
                return skip == null ? null : Skip.SKIP;
            }
            case EXECUTE -> {
                var execute =
                        at.unpack(
                                config.getTypedConfig(), ExecuteFilterAction.getDefaultInstance());
                return execute == null ? null : delegation(execute, at);
            }
            default -> {
                at.missing(config.getName(), type);
                return null;
            }
        }
    }

    /** Of several ways to say which filters, one counts, in Envoy's order. */
    private @Nullable FilterAction delegation(ExecuteFilterAction action, CompileContext context) {
        Fraction share =
                action.hasSamplePercent()
                        ? Fractions.compile(action.getSamplePercent(), context.at("sample_percent"))
                        : Fraction.ALWAYS;
        if (action.hasFilterChain()) {
            return added(
                    chain(
                            "filter_chain",
                            action.getFilterChain().getTypedConfigList(),
                            "filter_chain must contain at least one filter.",
                            share,
                            category,
                            context.at("filter_chain")));
        }
        String chain = Overlay.of(action).text("filter_chain_name");
        if (!chain.isEmpty()) {
            return new ExecuteNamed(chain, share);
        }
        if (action.hasDynamicConfig()) {
            return discovered(action.getDynamicConfig(), share, context.at("dynamic_config"));
        }
        HttpFilterSpec filter =
                filter(action.getTypedConfig(), category, context.at("typed_config"));
        return filter == null
                ? null
                : added(new Execute(action.getTypedConfig().getName(), List.of(filter), share));
    }

    private @Nullable FilterAction discovered(
            DynamicConfig config, Fraction share, CompileContext context) {
        if (ofRoute) {
            context.error("Failed to get downstream factory context or server factory context.");
            return null;
        }
        var discovered =
                DiscoveredFilters.compile(
                        config.getName(),
                        config.getConfigDiscovery(),
                        category == ExtensionCategory.HTTP_FILTER
                                ? FilterKind.HTTP
                                : FilterKind.UPSTREAM_HTTP,
                        HttpFilterSpec.class,
                        new ExtensionDiscovery.Place("http", false, ""),
                        context.at("config_discovery"));
        return discovered == null
                ? null
                : added(
                        new Execute(
                                config.getName(),
                                List.of(new DiscoveredHttpFilterSpec(discovered, false)),
                                share));
    }

    private @Nullable Execute added(@Nullable Execute action) {
        if (action != null) {
            actions.add(action);
        }
        return action;
    }

    /**
     * {@code FilterChainConfiguration}.
     *
     * @param name what the filter state says has been executed
     * @param none the error where there is no filter
     */
    public static @Nullable Execute chain(
            String name,
            List<io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig> filters,
            String none,
            Fraction share,
            ExtensionCategory category,
            CompileContext context) {
        if (filters.isEmpty()) {
            context.error(none);
            return null;
        }
        List<HttpFilterSpec> specs = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            HttpFilterSpec spec = filter(filters.get(i), category, context.at("typed_config", i));
            if (spec != null) {
                specs.add(spec);
            }
        }
        return specs.size() < filters.size() ? null : new Execute(name, specs, share);
    }

    /** One filter of a category. */
    public static @Nullable HttpFilterSpec filter(
            io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig config,
            ExtensionCategory category,
            CompileContext context) {
        return context.at("typed_config")
                .extension(
                        category, HttpFilterSpec.class, config.getName(), config.getTypedConfig());
    }
}
