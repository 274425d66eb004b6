package dev.attache.config.listener;

import dev.attache.api.Packed;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.DiscoveredFilters;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.proxy.listener.filter.DiscoveredListenerFilterSpec;
import dev.attache.proxy.listener.filter.ListenerFilterEntry;
import dev.attache.proxy.listener.filter.ListenerFilterPredicate;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.listener.filter.OriginalDstSpec;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate.MatchSet;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listener filters in order. Like Envoy it adds those that other fields imply: the PROXY protocol
 * for {@code use_proxy_proto}, original destination for {@code use_original_dst}.
 */
final class ListenerFilterCompiler {
    private ListenerFilterCompiler() {}

    static List<ListenerFilterEntry> compile(Listener listener, CompileContext context) {
        List<ListenerFilterEntry> entries = new ArrayList<>();
        for (int i = 0; i < listener.getListenerFiltersCount(); i++) {
            ListenerFilter filter = listener.getListenerFilters(i);
            CompileContext at = context.at("listener_filters", i);
            ListenerFilterSpec spec =
                    filter.hasConfigDiscovery()
                            ? discovered(filter, at.at("config_discovery"))
                            : at.at("typed_config")
                                    .extension(
                                            ExtensionCategory.LISTENER_FILTER,
                                            ListenerFilterSpec.class,
                                            filter.getName(),
                                            filter.getTypedConfig());
            if (spec != null) {
                entries.add(
                        new ListenerFilterEntry(
                                filter.getName(),
                                spec,
                                filter.hasFilterDisabled()
                                        ? predicate(filter.getFilterDisabled())
                                        : null));
            }
        }
        if (listener.getUseOriginalDst().getValue()) {
            entries.add(
                    new ListenerFilterEntry(
                            "envoy.filters.listener.original_dst", new OriginalDstSpec(), null));
        }
        if (usesProxyProto(listener)) {
            addProxyProtocol(entries, context);
        }
        return entries;
    }

    private static @Nullable ListenerFilterSpec discovered(
            ListenerFilter filter, CompileContext context) {
        var discovered =
                DiscoveredFilters.compile(
                        filter.getName(),
                        filter.getConfigDiscovery(),
                        FilterKind.TCP_LISTENER,
                        ListenerFilterSpec.class,
                        new ExtensionDiscovery.Place("listener", false, ""),
                        context);
        return discovered == null ? null : new DiscoveredListenerFilterSpec(discovered);
    }

    @SuppressWarnings("deprecation") // the old way to ask for the PROXY protocol
    private static boolean usesProxyProto(Listener listener) {
        for (FilterChain chain : listener.getFilterChainsList()) {
            if (!chain.getUseProxyProto().getValue()) {
                return false;
            }
        }
        return listener.getFilterChainsCount() > 0;
    }

    private static void addProxyProtocol(
            List<ListenerFilterEntry> entries, CompileContext context) {
        ListenerFilterSpec spec =
                context.at("filter_chains", 0)
                        .at("use_proxy_proto")
                        .extension(
                                ExtensionCategory.LISTENER_FILTER,
                                ListenerFilterSpec.class,
                                "envoy.filters.listener.proxy_protocol",
                                Packed.of(ProxyProtocol.getDefaultInstance()));
        if (spec != null) {
            entries.add(
                    new ListenerFilterEntry("envoy.filters.listener.proxy_protocol", spec, null));
        }
    }

    static ListenerFilterPredicate predicate(ListenerFilterChainMatchPredicate predicate) {
        return switch (predicate.getRuleCase()) {
            case OR_MATCH -> new ListenerFilterPredicate.Or(all(predicate.getOrMatch()));
            case AND_MATCH -> new ListenerFilterPredicate.And(all(predicate.getAndMatch()));
            case NOT_MATCH -> new ListenerFilterPredicate.Not(predicate(predicate.getNotMatch()));
            case DESTINATION_PORT_RANGE ->
                    new ListenerFilterPredicate.DestinationPort(
                            predicate.getDestinationPortRange().getStart(),
                            predicate.getDestinationPortRange().getEnd());
            case ANY_MATCH, RULE_NOT_SET -> new ListenerFilterPredicate.AnyMatch();
        };
    }

    private static List<ListenerFilterPredicate> all(MatchSet set) {
        return set.getRulesList().stream().map(ListenerFilterCompiler::predicate).toList();
    }
}
