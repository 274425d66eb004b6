package dev.attache.config.extension;

import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.discovered.DiscoveredSpec;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code config_discovery} of a filter of any kind. */
public final class DiscoveredFilters {
    private DiscoveredFilters() {}

    /**
     * The filter as it will be; null with the error reported.
     *
     * @param name of the filter, under which its configuration is discovered
     * @param kind whose {@link FilterKind#spec} is {@code type}
     * @param context of {@code config_discovery}
     */
    public static <S> @Nullable DiscoveredSpec<S> compile(
            String name,
            ExtensionConfigSource source,
            FilterKind kind,
            Class<S> type,
            ExtensionDiscovery.Place place,
            CompileContext context) {
        List<String> types = types(source, kind, context);
        if (kind.isStrict()
                && source.getApplyDefaultConfigWithoutWarming()
                && !source.hasDefaultConfig()) {
            context.error(
                    "Error: %sfilter config %s applied without warming but has no default config."
                            .formatted(kind.words(), name));
            return null;
        }
        ExtensionDiscovery discovery =
                new ExtensionDiscovery(
                        kind,
                        name,
                        source.getConfigSource(),
                        types,
                        place,
                        !source.getApplyDefaultConfigWithoutWarming(),
                        slot(name, source, kind, context));
        S fallback = null;
        if (source.hasDefaultConfig()) {
            fallback = fallback(source, discovery, type, context.at("default_config"));
            if (fallback == null) {
                return null;
            }
        }
        context.requireNode("filter config " + name);
        context.at("config_source").existing(source.getConfigSource());
        context.attachments().discovers(discovery);
        return new DiscoveredSpec<>(type, () -> hold(discovery.slot()), fallback, discovery::fits);
    }

    /**
     * Of one place: the same in the next version of the resource, if that leaves the part alone.
     */
    private record PlaceKey(
            ExtensionDiscovery.Key filter, String resource, @Nullable Object part) {}

    private static SharedSlot<DiscoveredFilter> slot(
            String name, ExtensionConfigSource source, FilterKind kind, CompileContext context) {
        var filter =
                new ExtensionDiscovery.Key(kind, name, source.getConfigSource().toByteString());
        CompileAttachments attached = context.attachments();
        var key = new PlaceKey(filter, attached.owner(), attached.part());
        return context.settings()
                .shared()
                .slot(DiscoveredFilter.class, key, () -> new DiscoveredFilter(name));
    }

    private static DiscoveredSpec.Hold hold(SharedSlot<DiscoveredFilter> slot) {
        SharedSlot.Lease<DiscoveredFilter> lease = slot.lease();
        return new DiscoveredSpec.Hold(lease.value(), lease::close);
    }

    private static List<String> types(
            ExtensionConfigSource source, FilterKind kind, CompileContext context) {
        List<String> types = new ArrayList<>(source.getTypeUrlsCount());
        for (int i = 0; i < source.getTypeUrlsCount(); i++) {
            String type = TypeRegistry.nameOf(source.getTypeUrls(i));
            types.add(type);
            if (kind.isStrict()
                    && context.settings().registry().entry(kind.category(), type) == null) {
                context.at("type_urls", i)
                        .error(
                                "Error: no %sfactory found for a required type URL %s."
                                        .formatted(kind.words(), type));
            }
        }
        return types;
    }

    private static <S> @Nullable S fallback(
            ExtensionConfigSource source,
            ExtensionDiscovery discovery,
            Class<S> kind,
            CompileContext context) {
        ExtensionCategory category = discovery.kind().category();
        if (!context.knowsExtension(category, source.getDefaultConfig())) {
            context.error(
                    "Error: cannot find filter factory %s for default filter configuration with type URL %s."
                            .formatted(discovery.name(), source.getDefaultConfig().getTypeUrl()));
            return null;
        }
        String problem = discovery.problem(CompileContext.messageType(source.getDefaultConfig()));
        S spec =
                problem != null
                        ? null
                        : context.extension(
                                category, kind, discovery.name(), source.getDefaultConfig());
        if (spec != null) {
            problem =
                    discovery.problem(
                            context.extensionName(category, source.getDefaultConfig()),
                            discovery.kind().terminal(spec));
        }
        if (problem != null) {
            context.error(problem);
            return null;
        }
        return spec;
    }
}
