package dev.attache.filters.network.http_connection_manager;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;

/** {@code http_filters}: the chain in order, its last filter a terminal one. */
final class HttpFilterChainFactory {
    private HttpFilterChainFactory() {}

    static List<FilterEntry> compile(
            List<HttpFilter> filters, String field, CompileContext context) {
        List<FilterEntry> entries = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            HttpFilter filter = filters.get(i);
            CompileContext at = context.at(field, i);
            if (filter.hasConfigDiscovery()) {
                continue; // refused by the support table
            }
            if (isUnknownOptional(filter, at)) {
                at.warning("optional filter of unknown type is left out");
                continue;
            }
            HttpFilterSpec spec =
                    at.at("typed_config")
                            .extension(
                                    ExtensionCategory.HTTP_FILTER,
                                    HttpFilterSpec.class,
                                    filter.getName(),
                                    filter.getTypedConfig());
            if (spec != null) {
                entries.add(new FilterEntry(filter.getName(), spec, filter.getDisabled()));
                checkPosition(filter, spec, i == filters.size() - 1, at);
            }
        }
        return entries;
    }

    private static boolean isUnknownOptional(HttpFilter filter, CompileContext context) {
        return filter.getIsOptional()
                && !context.knowsExtension(ExtensionCategory.HTTP_FILTER, filter.getTypedConfig());
    }

    private static void checkPosition(
            HttpFilter filter, HttpFilterSpec spec, boolean last, CompileContext context) {
        String type = context.extensionName(ExtensionCategory.HTTP_FILTER, filter.getTypedConfig());
        if (spec.terminal() && !last) {
            context.error(
                    "Error: terminal filter named %s of type %s must be the last filter in a http filter chain."
                            .formatted(filter.getName(), type));
        } else if (!spec.terminal() && last) {
            context.error(
                    "Error: non-terminal filter named %s of type %s is the last filter in a http filter chain."
                            .formatted(filter.getName(), type));
        } else if (spec.terminal() && filter.getDisabled()) {
            context.at("disabled")
                    .error(
                            "Error: the last (terminal) filter (%s) in the chain cannot be disabled by default."
                                    .formatted(filter.getName()));
        }
    }
}
