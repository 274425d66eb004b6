package dev.attache.config.route;

import com.google.protobuf.Any;
import dev.attache.api.Packed;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.route.FilterOverride;
import io.envoyproxy.envoy.config.route.v3.CorsPolicy;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code typed_per_filter_config} of one level. */
final class FilterOverrideCompiler {
    private static final String FILTER_CONFIG = "envoy.config.route.v3.FilterConfig";

    private static final FilterOverride ENABLED = new FilterOverride(null, false);

    private FilterOverrideCompiler() {}

    /**
     * One level with its deprecated {@code cors} field.
     *
     * @param field where it stands, from {@code context}
     */
    static Map<String, FilterOverride> compile(
            Map<String, Any> configs,
            @Nullable CorsPolicy cors,
            String field,
            CompileContext context) {
        Map<String, FilterOverride> overrides = compile(configs, context);
        if (cors == null) {
            return overrides;
        }
        Any any = Packed.of(cors);
        if (!context.knowsExtension(ExtensionCategory.HTTP_FILTER_ROUTE_FIELD, any)) {
            return overrides;
        }
        Object policy =
                context.at(field)
                        .extension(
                                ExtensionCategory.HTTP_FILTER_ROUTE_FIELD,
                                Object.class,
                                field,
                                any);
        return policy == null
                ? overrides
                : merge(
                        overrides,
                        Map.of(FilterOverride.CORS_FIELD, new FilterOverride(policy, null)));
    }

    static Map<String, FilterOverride> compile(Map<String, Any> configs, CompileContext context) {
        if (configs.isEmpty()) {
            return Map.of();
        }
        Map<String, FilterOverride> overrides = new HashMap<>();
        for (Map.Entry<String, Any> entry : configs.entrySet()) {
            CompileContext at = context.at("typed_per_filter_config", entry.getKey());
            FilterOverride override = entry(entry.getKey(), entry.getValue(), at);
            if (override != null) {
                overrides.put(entry.getKey(), override);
            }
        }
        return overrides;
    }

    /** Entries of a more specific level over those of a less specific one. */
    static Map<String, FilterOverride> merge(
            Map<String, FilterOverride> general, Map<String, FilterOverride> specific) {
        if (specific.isEmpty()) {
            return general;
        }
        Map<String, FilterOverride> merged = new HashMap<>(general);
        specific.forEach((name, entry) -> merged.put(name, entry.within(general.get(name))));
        return merged;
    }

    private static @Nullable FilterOverride entry(String name, Any any, CompileContext context) {
        if (!any.getTypeUrl().endsWith("/" + FILTER_CONFIG)) {
            return config(name, any, false, context);
        }
        FilterConfig wrapper = context.unpack(any, FilterConfig.getDefaultInstance());
        if (wrapper == null) {
            return null;
        }
        if (wrapper.getDisabled()) {
            return new FilterOverride(null, true);
        }
        if (!wrapper.hasConfig()) {
            context.at("config")
                    .error(
                            "Empty route/virtual host per filter configuration for %s filter"
                                    .formatted(name));
            return null;
        }
        // Present and empty: nothing but "the filter runs here".
        if (wrapper.getConfig().getTypeUrl().isEmpty()) {
            return ENABLED;
        }
        return config(name, wrapper.getConfig(), wrapper.getIsOptional(), context.at("config"));
    }

    /** The filter's own settings; whoever gives them switches the filter on, known or not. */
    private static @Nullable FilterOverride config(
            String name, Any any, boolean optional, CompileContext context) {
        if (!context.knowsExtension(ExtensionCategory.HTTP_FILTER_OVERRIDE, any)) {
            boolean withoutOverride = context.knowsExtension(ExtensionCategory.HTTP_FILTER, any);
            if (optional) {
                context.warning(
                        withoutOverride
                                ? "The filter %s doesn't support virtual host or route specific configurations, and it is optional, so ignore it."
                                        .formatted(name)
                                : "optional filter configuration of unknown type is left out");
                return ENABLED;
            }
            if (withoutOverride) {
                context.error(
                        "The filter %s doesn't support virtual host or route specific configurations"
                                .formatted(name));
                return null;
            }
        }
        Object spec =
                context.extension(ExtensionCategory.HTTP_FILTER_OVERRIDE, Object.class, name, any);
        if (spec == null) {
            return null;
        }
        FilterOverride override = new FilterOverride(spec, false);
        for (Object older :
                context.olderExtensions(
                        ExtensionCategory.HTTP_FILTER_OVERRIDE, Object.class, any)) {
            // A filter finds what its own code made of it: that of others is no instance.
            override = override.within(new FilterOverride(older, false));
        }
        return override;
    }
}
