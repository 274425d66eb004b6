package dev.attache.config.http;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.pipeline.DiscoveredFilter;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code config_discovery} of an HTTP filter. */
final class DiscoveredFilters {
    private DiscoveredFilters() {}

    /** The filter as it will be; null with the error reported. */
    static @Nullable HttpFilterSpec compile(
            String name,
            ExtensionConfigSource source,
            ExtensionCategory category,
            boolean last,
            CompileContext context) {
        List<String> types = types(source, category, context);
        if (source.getApplyDefaultConfigWithoutWarming() && !source.hasDefaultConfig()) {
            context.error(
                    "Error: filter config "
                            + name
                            + " applied without warming but has no default config.");
            return null;
        }
        var key =
                new ExtensionDiscovery.Key(category, name, source.getConfigSource().toByteString());
        SharedSlot<DiscoveredFilter> slot =
                context.settings()
                        .shared()
                        .slot(DiscoveredFilter.class, key, () -> new DiscoveredFilter(name));
        ExtensionDiscovery discovery =
                new ExtensionDiscovery(
                        category,
                        name,
                        source.getConfigSource(),
                        types,
                        last,
                        !source.getApplyDefaultConfigWithoutWarming(),
                        slot);
        HttpFilterSpec fallback = null;
        if (source.hasDefaultConfig()) {
            fallback = fallback(source, discovery, context.at("default_config"));
            if (fallback == null) {
                return null;
            }
        }
        context.requireNode("filter config " + name);
        context.attachments().discovers(discovery);
        return new DiscoveredFilterSpec(slot, fallback, last);
    }

    private static List<String> types(
            ExtensionConfigSource source, ExtensionCategory category, CompileContext context) {
        List<String> types = new ArrayList<>(source.getTypeUrlsCount());
        for (int i = 0; i < source.getTypeUrlsCount(); i++) {
            String type = TypeRegistry.nameOf(source.getTypeUrls(i));
            types.add(type);
            if (context.settings().registry().entry(category, type) == null) {
                context.at("type_urls", i)
                        .error("Error: no factory found for a required type URL " + type + ".");
            }
        }
        return types;
    }

    private static @Nullable HttpFilterSpec fallback(
            ExtensionConfigSource source, ExtensionDiscovery discovery, CompileContext context) {
        String type = CompileContext.messageType(source.getDefaultConfig());
        String problem = discovery.problem(type);
        HttpFilterSpec spec =
                problem != null
                        ? null
                        : context.extension(
                                discovery.category(),
                                HttpFilterSpec.class,
                                discovery.name(),
                                source.getDefaultConfig());
        if (spec != null) {
            problem = discovery.problem(type, spec.terminal());
        }
        if (problem != null) {
            context.error(problem);
            return null;
        }
        return spec;
    }
}
