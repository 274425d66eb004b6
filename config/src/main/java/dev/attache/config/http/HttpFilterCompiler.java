package dev.attache.config.http;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.DiscoveredFilters;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.proxy.pipeline.DiscoveredHttpFilterSpec;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chains of HTTP filters, in order, the last one a terminal one. */
public final class HttpFilterCompiler {
    private static final String CODEC =
            "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec";

    private HttpFilterCompiler() {}

    /** Whose chain it is. */
    private enum Kind {
        MANAGER(FilterKind.HTTP, "http", ""),
        CLUSTER(FilterKind.UPSTREAM_HTTP, "upstream http", ""),
        ROUTER(
                FilterKind.UPSTREAM_HTTP,
                "router upstream http",
                " When upstream_http_filters are specified, they must explicitly end with an"
                        + " UpstreamCodec filter.");

        private final FilterKind filters;
        private final ExtensionCategory category;
        private final String words;
        private final String advice;

        Kind(FilterKind filters, String words, String advice) {
            this.filters = filters;
            this.category = filters.category();
            this.words = words;
            this.advice = advice;
        }
    }

    /** {@code http_filters} of a connection manager, or of one of its upgrades. */
    public static List<FilterEntry> compile(
            List<HttpFilter> filters, String field, CompileContext context) {
        return compile(filters, field, Kind.MANAGER, context);
    }

    /** {@code http_filters} of a cluster; null where there is nothing but the codec. */
    public static @Nullable HttpFilterChain ofCluster(
            List<HttpFilter> filters, String field, CompileContext context) {
        if (!filters.isEmpty()) {
            HttpFilter last = filters.getLast();
            if (!last.getTypedConfig().getTypeUrl().endsWith("/" + CODEC)) {
                context.at(field)
                        .error(
                                "The codec filter is the only valid terminal upstream HTTP filter, use '%s'"
                                        .formatted(CODEC));
                return null;
            }
        }
        return withoutCodec(compile(filters, field, Kind.CLUSTER, context));
    }

    /** {@code upstream_http_filters} of a router; null where there is nothing but the codec. */
    public static @Nullable HttpFilterChain ofRouter(
            List<HttpFilter> filters, String field, CompileContext context) {
        return withoutCodec(compile(filters, field, Kind.ROUTER, context));
    }

    /** Behind all filters stands what the attempt itself does, unless it is to be discovered. */
    private static @Nullable HttpFilterChain withoutCodec(List<FilterEntry> entries) {
        if (!entries.isEmpty() && entries.getLast().filter() instanceof DiscoveredHttpFilterSpec) {
            return new HttpFilterChain(entries);
        }
        return entries.size() < 2
                ? null
                : new HttpFilterChain(entries.subList(0, entries.size() - 1));
    }

    private static List<FilterEntry> compile(
            List<HttpFilter> filters, String field, Kind kind, CompileContext context) {
        List<FilterEntry> entries = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            HttpFilter filter = filters.get(i);
            CompileContext at = context.at(field, i);
            if (filter.hasConfigDiscovery()) {
                HttpFilterSpec found = discovered(filter, i == filters.size() - 1, kind, at);
                if (found != null) {
                    entries.add(new FilterEntry(filter.getName(), found, filter.getDisabled()));
                }
                continue;
            }
            if (isUnknownOptional(filter, kind, at)) {
                at.warning("optional filter of unknown type is left out");
                continue;
            }
            HttpFilterSpec spec =
                    at.at("typed_config")
                            .extension(
                                    kind.category,
                                    HttpFilterSpec.class,
                                    filter.getName(),
                                    filter.getTypedConfig());
            if (spec != null) {
                entries.add(new FilterEntry(filter.getName(), spec, filter.getDisabled()));
                checkPosition(filter, spec, i == filters.size() - 1, kind, at);
            }
        }
        return entries;
    }

    private static @Nullable HttpFilterSpec discovered(
            HttpFilter filter, boolean last, Kind kind, CompileContext context) {
        var discovered =
                DiscoveredFilters.compile(
                        filter.getName(),
                        filter.getConfigDiscovery(),
                        kind.filters,
                        HttpFilterSpec.class,
                        new ExtensionDiscovery.Place(kind.words, last, kind.advice),
                        context.at("config_discovery"));
        return discovered == null ? null : new DiscoveredHttpFilterSpec(discovered, last);
    }

    private static boolean isUnknownOptional(HttpFilter filter, Kind kind, CompileContext context) {
        return filter.getIsOptional()
                && !context.knowsExtension(kind.category, filter.getTypedConfig());
    }

    private static void checkPosition(
            HttpFilter filter,
            HttpFilterSpec spec,
            boolean last,
            Kind kind,
            CompileContext context) {
        String type = context.extensionName(kind.category, filter.getTypedConfig());
        if (spec.terminal() && !last) {
            context.error(
                    "Error: terminal filter named %s of type %s must be the last filter in a %s filter chain."
                            .formatted(filter.getName(), type, kind.words));
        } else if (!spec.terminal() && last) {
            context.error(
                    "Error: non-terminal filter named %s of type %s is the last filter in a %s filter chain.%s"
                            .formatted(filter.getName(), type, kind.words, kind.advice));
        } else if (spec.terminal() && filter.getDisabled()) {
            context.at("disabled")
                    .error(
                            "Error: the last (terminal) filter (%s) in the chain cannot be disabled by default."
                                    .formatted(filter.getName()));
        }
    }
}
