package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.listener.spec.SocketOption;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Piece;
import dev.attache.server.review.Place;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Listeners that nobody can connect to, and filter chains that no connection gets. Pure. */
final class HiddenChains {

    /** Listener filters that leave addresses alone. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
                    "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector",
                    "envoy.extensions.filters.listener.local_ratelimit.v3.LocalRateLimit",
                    "envoy.extensions.filters.listener.original_src.v3.OriginalSrc");

    // Of Linux: netinet/in.h, linux/in6.h.
    private static final int IPPROTO_IP = 0;
    private static final int IP_TRANSPARENT = 19;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_TRANSPARENT = 75;

    private HiddenChains() {}

    static void find(Configuration configuration, Consumer<Diagnostic> found) {
        boolean handsOff =
                configuration.listeners().stream().anyMatch(l -> l.spec().spec().useOriginalDst());
        for (Piece<Listener, ListenerParts> listener : configuration.listeners()) {
            ListenerSpec spec = listener.spec().spec();
            boolean internal = spec.address() instanceof InternalAddress;
            if (!spec.bindToPort() && !internal && !handsOff && configuration.isWhole()) {
                found.accept(
                        listener.place()
                                .warning(
                                        "bind_to_port",
                                        "nobody reaches this listener: it binds no port, and no"
                                                + " listener hands connections on (use_original_dst)",
                                        "let it bind, or set use_original_dst on the one in front"));
            }
            chains(listener, found);
        }
    }

    private static void chains(
            Piece<Listener, ListenerParts> listener, Consumer<Diagnostic> found) {
        ListenerSpec spec = listener.spec().spec();
        if (spec.filterChainMatcher() != null) {
            return;
        }
        List<FilterChainSpec> chains = spec.filterChains();
        for (int i = 0; i < chains.size(); i++) {
            Place place = listener.place().at("filter_chains", i).at("filter_chain_match");
            chain(listener, chains.get(i).match(), place, found);
        }
        boolean all = chains.size() == 1 && chains.getFirst().match().equals(FilterChainMatch.ANY);
        if (all && spec.defaultFilterChain() != null) {
            found.accept(
                    listener.place()
                            .warning(
                                    "default_filter_chain",
                                    "never used: filter_chains[0] takes every connection",
                                    "say in that one's filter_chain_match what it is for, or take"
                                            + " one of the two out"));
        }
    }

    private static void chain(
            Piece<Listener, ListenerParts> listener,
            FilterChainMatch match,
            Place place,
            Consumer<Diagnostic> found) {
        if (match.transportProtocol().equals("raw_buffer") && !match.serverNames().isEmpty()) {
            found.accept(
                    place.warning(
                            "server_names",
                            "no connection is of this chain: without TLS there is no server name",
                            "set transport_protocol to tls, or take server_names out"));
        }
        if (!keepsAddress(listener)) {
            return;
        }
        ListenerSpec spec = listener.spec().spec();
        if (match.destinationPort() != 0 && !hasPort(spec, match.destinationPort())) {
            found.accept(
                    place.warning(
                            "destination_port",
                            "no connection is of this chain: the listener has no port "
                                    + match.destinationPort()
                                    + " and no listener filter that restores addresses",
                            "add envoy.filters.listener.original_dst, or put the port right"));
        }
        if (!match.prefixRanges().isEmpty() && isElsewhere(spec, match)) {
            found.accept(
                    place.warning(
                            "prefix_ranges",
                            "no connection is of this chain: none of the listener's addresses is in"
                                    + " these ranges, and no listener filter restores addresses",
                            "add envoy.filters.listener.original_dst, or put the ranges right"));
        }
    }

    /**
     * Whether connections come to the very addresses that the listener names. Filters that other
     * fields add (use_original_dst, use_proxy_proto) restore addresses, each of them; a socket that
     * is transparent takes what was sent to others.
     */
    private static boolean keepsAddress(Piece<Listener, ListenerParts> listener) {
        ListenerSpec spec = listener.spec().spec();
        List<ListenerFilter> own = listener.message().getListenerFiltersList();
        return spec.bindToPort()
                && spec.address() instanceof IpAddress
                && spec.listenerFilters().size() == own.size()
                && own.stream().allMatch(HiddenChains::isHarmless)
                && !isTransparent(spec);
    }

    private static boolean isTransparent(ListenerSpec spec) {
        return Boolean.TRUE.equals(spec.socket().transparent())
                || asksTransparent(spec.socket().options())
                || spec.additionalAddresses().stream().anyMatch(a -> asksTransparent(a.options()));
    }

    private static boolean asksTransparent(@Nullable List<SocketOption> options) {
        return options != null && options.stream().anyMatch(HiddenChains::isTransparent);
    }

    private static boolean isTransparent(SocketOption option) {
        return option.level() == IPPROTO_IP && option.name() == IP_TRANSPARENT
                || option.level() == IPPROTO_IPV6 && option.name() == IPV6_TRANSPARENT;
    }

    private static boolean isHarmless(ListenerFilter filter) {
        String url = filter.getTypedConfig().getTypeUrl();
        return HARMLESS.contains(url.substring(url.lastIndexOf('/') + 1));
    }

    private static boolean hasPort(ListenerSpec spec, int port) {
        return isPort(spec.address(), port)
                || spec.additionalAddresses().stream().anyMatch(a -> isPort(a.address(), port));
    }

    /** A port that the system chooses may be any. */
    private static boolean isPort(Address address, int port) {
        return !(address instanceof IpAddress ip) || ip.port() == port || ip.port() == 0;
    }

    private static boolean isElsewhere(ListenerSpec spec, FilterChainMatch match) {
        return spec.additionalAddresses().isEmpty()
                && spec.address() instanceof IpAddress ip
                && !ip.ip().isAnyLocalAddress()
                && match.prefixRanges().stream().noneMatch(range -> range.contains(ip.ip()));
    }
}
