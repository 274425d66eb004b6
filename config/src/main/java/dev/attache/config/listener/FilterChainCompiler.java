package dev.attache.config.listener;

import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.DiscoveredFilters;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.network.DiscoveredNetworkFilterSpec;
import dev.attache.proxy.network.NetworkFilterEntry;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.transport.RawServerTransportSpec;
import dev.attache.proxy.transport.ServerTransportSpec;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code FilterChain} to {@link FilterChainSpec}. */
final class FilterChainCompiler {
    private FilterChainCompiler() {}

    /**
     * The chain, or null with the errors reported.
     *
     * @param match what it matches; the default chain's match is ignored
     */
    static @Nullable FilterChainSpec compile(
            FilterChain chain, FilterChainMatch match, CompileContext context) {
        int before = context.diagnostics().errorCount();
        int uses = context.attachments().uses();
        ServerTransportSpec transport = transport(chain, context);
        Fingerprint content = Fingerprint.of(chain);
        context.attachments().within(content);
        List<NetworkFilterEntry> filters = filters(chain, context);
        context.attachments().within(null);
        long connectTimeout =
                Durations.millis(
                        chain.getTransportSocketConnectTimeout(),
                        context.at("transport_socket_connect_timeout"));
        if (context.diagnostics().errorCount() > before || transport == null) {
            return null;
        }
        return new FilterChainSpec(
                chain.getName(),
                match,
                transport,
                filters,
                connectTimeout,
                MetadataValues.compile(chain.getMetadata()),
                content.with(context.attachments().usedSince(uses)));
    }

    private static @Nullable ServerTransportSpec transport(
            FilterChain chain, CompileContext context) {
        if (!chain.hasTransportSocket()) {
            return new RawServerTransportSpec();
        }
        TransportSocket socket = chain.getTransportSocket();
        return context.at("transport_socket")
                .at("typed_config")
                .extension(
                        ExtensionCategory.DOWNSTREAM_TRANSPORT_SOCKET,
                        ServerTransportSpec.class,
                        socket.getName(),
                        socket.getTypedConfig());
    }

    private static List<NetworkFilterEntry> filters(FilterChain chain, CompileContext context) {
        List<NetworkFilterEntry> filters = new ArrayList<>();
        for (int i = 0; i < chain.getFiltersCount(); i++) {
            Filter filter = chain.getFilters(i);
            CompileContext at = context.at("filters", i);
            boolean last = i == chain.getFiltersCount() - 1;
            if (filter.hasConfigDiscovery()) {
                discover(filter, last, filters, at.at("config_discovery"));
                continue;
            }
            NetworkFilterSpec spec =
                    at.at("typed_config")
                            .extension(
                                    ExtensionCategory.NETWORK_FILTER,
                                    NetworkFilterSpec.class,
                                    filter.getName(),
                                    filter.getTypedConfig());
            if (spec == null) {
                continue;
            }
            filters.add(new NetworkFilterEntry(filter.getName(), spec));
            checkPosition(filter, spec, last, at);
        }
        return filters;
    }

    private static void discover(
            Filter filter, boolean last, List<NetworkFilterEntry> to, CompileContext context) {
        var discovered =
                DiscoveredFilters.compile(
                        filter.getName(),
                        filter.getConfigDiscovery(),
                        FilterKind.NETWORK,
                        NetworkFilterSpec.class,
                        new ExtensionDiscovery.Place("network", last, ""),
                        context);
        if (discovered != null) {
            to.add(
                    new NetworkFilterEntry(
                            filter.getName(), new DiscoveredNetworkFilterSpec(discovered, last)));
        }
    }

    private static void checkPosition(
            Filter filter, NetworkFilterSpec spec, boolean last, CompileContext context) {
        String type =
                context.extensionName(ExtensionCategory.NETWORK_FILTER, filter.getTypedConfig());
        if (spec.terminal() && !last) {
            context.error(
                    "Error: terminal filter named %s of type %s must be the last filter in a network filter chain."
                            .formatted(filter.getName(), type));
        } else if (!spec.terminal() && last) {
            context.error(
                    "Error: non-terminal filter named %s of type %s is the last filter in a network filter chain."
                            .formatted(filter.getName(), type));
        }
    }
}
