package dev.attache.config.listener;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.core.Addresses;
import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.core.SocketOptions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.network.TrafficDirection;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code Listener} to {@link ListenerSpec}. */
public final class ListenerCompiler {
    /** Stands in where the address is wrong, so that the rest is looked at. */
    private static final Address UNUSABLE = new PipeAddress("");

    private ListenerCompiler() {}

    /** A resource of LDS on its own. */
    public static Compiled<CompiledListener> compileResource(
            Listener listener, CompileSettings settings) {
        return compileResource(listener, settings.checker().check(listener, ""), settings);
    }

    /**
     * As {@link #compileResource}.
     *
     * @param found by a walk over the resource
     */
    public static Compiled<CompiledListener> compileResource(
            Listener listener, Findings found, CompileSettings settings) {
        Diagnostics diagnostics = new Diagnostics("listener '" + listener.getName() + "'");
        CompileContext context = CompileContext.root(settings, diagnostics);
        if (!context.check(found)) {
            return diagnostics.result(null);
        }
        return diagnostics.result(compile(listener, context));
    }

    /** A listener that stands at the context's path and has been checked. */
    public static @Nullable CompiledListener compile(Listener listener, CompileContext context) {
        int before = context.diagnostics().errorCount();
        String name =
                listener.getName().isEmpty() ? UUID.randomUUID().toString() : listener.getName();
        context.attachments().ownedBy(name);
        Address address = address(listener, context);
        List<FilterChainSpec> chains = chains(listener, address, context);
        FilterChainSpec byDefault =
                listener.hasDefaultFilterChain()
                        ? FilterChainCompiler.compile(
                                listener.getDefaultFilterChain(),
                                FilterChainMatch.ANY,
                                context.at("default_filter_chain"))
                        : null;
        boolean chainless =
                listener.getFilterChainsCount() == 0 && !listener.hasDefaultFilterChain();
        if (chainless && !isUdp(listener)) {
            context.error(
                    "error adding listener '%s': no filter chains specified".formatted(address));
        }
        ListenerSpec spec =
                spec(
                        name,
                        listener,
                        address == null ? UNUSABLE : address,
                        chains,
                        byDefault,
                        context);
        return address == null || context.diagnostics().errorCount() > before
                ? null
                : new CompiledListener(
                        spec,
                        context.attachments().dependencies(),
                        context.attachments().preparations(),
                        context.attachments().discoveries(),
                        context.attachments().usedSince(0));
    }

    private static ListenerSpec spec(
            String name,
            Listener listener,
            Address address,
            List<FilterChainSpec> chains,
            @Nullable FilterChainSpec byDefault,
            CompileContext context) {
        int buffer = listener.getPerConnectionBufferLimitBytes().getValue();
        int uses = context.attachments().uses();
        return new ListenerSpec(
                name,
                address,
                additional(listener, context),
                listener.getStatPrefix(),
                bindToPort(listener),
                listener.getUseOriginalDst().getValue(),
                ListenerFilterCompiler.compile(listener, context),
                Durations.millis(
                        listener.hasListenerFiltersTimeout(),
                        listener.getListenerFiltersTimeout(),
                        ListenerSpec.DEFAULT_LISTENER_FILTERS_TIMEOUT_MILLIS,
                        context.at("listener_filters_timeout")),
                listener.getContinueOnListenerFiltersTimeout(),
                chains,
                ChainMatcherCompiler.compile(listener, address, context),
                byDefault,
                direction(listener),
                listener.hasPerConnectionBufferLimitBytes()
                        ? (buffer <= 0 ? Integer.MAX_VALUE : buffer) // 0 = none
                        : ListenerSpec.DEFAULT_BUFFER_LIMIT_BYTES,
                Durations.newer("per_connection_buffer_high_watermark_timeout", listener, context),
                ListenerSockets.compile(listener, context),
                balance(listener, context),
                listener.getMaxConnectionsToAcceptPerSocketEvent().getValue(),
                listener.getIgnoreGlobalConnLimit(),
                listener.getBypassOverloadManager(),
                listener.getDrainType() == Listener.DrainType.MODIFY_ONLY
                        ? ListenerSpec.DrainType.MODIFY_ONLY
                        : ListenerSpec.DrainType.DEFAULT,
                AccessLogCompiler.compile(listener.getAccessLogList(), "access_log", context),
                MetadataValues.compile(listener.getMetadata()),
                Fingerprint.ofUnordered(withoutChains(listener))
                        .with(context.attachments().usedSince(uses)));
    }

    private static @Nullable Address address(Listener listener, CompileContext context) {
        if (listener.hasInternalListener()) {
            return InternalListeners.address(listener, context);
        }
        if (!listener.hasAddress()) {
            context.at("address")
                    .error(
                            "error adding listener named '%s': address is necessary"
                                    .formatted(listener.getName()));
            return null;
        }
        if (isUdp(listener)) {
            refuseUdp(listener, context);
        }
        CompileContext at = context.at("address");
        if (listener.getAddress().hasEnvoyInternalAddress()) {
            at.error(
                    "error adding listener named '%s': use internal_listener field instead of address for internal listeners"
                            .formatted(listener.getName()));
            return null;
        }
        if (listener.getAddress().hasSocketAddress()) {
            SocketAddress socket = listener.getAddress().getSocketAddress();
            IpAddress address = Addresses.socket(socket, at.at("socket_address"));
            checkCompat(socket, address, at.at("socket_address"));
            return address;
        }
        return Addresses.literal(listener.getAddress(), at);
    }

    private static void checkCompat(
            SocketAddress socket, @Nullable Address address, CompileContext context) {
        if (!socket.getIpv4Compat() || !(address instanceof IpAddress ip)) {
            return;
        }
        // A mapped address is read as the IPv4 address that it holds.
        boolean mapped = !ip.isV6() && socket.getAddress().indexOf(':') >= 0;
        if (!mapped && !(ip.isV6() && ip.ip().isAnyLocalAddress())) {
            context.at("ipv4_compat")
                    .error(
                            "Only IPv6 address '::' or valid IPv4-mapped IPv6 address can set"
                                    + " ipv4_compat: "
                                    + ip);
        }
    }

    private static boolean isUdp(Listener listener) {
        return listener.getAddress().getSocketAddress().getProtocol() == SocketAddress.Protocol.UDP;
    }

    /**
     * What it asks for otherwise is looked at, but for what only a listener for TCP cannot have.
     */
    private static void refuseUdp(Listener listener, CompileContext context) {
        int chains = listener.getFilterChainsCount();
        CompileContext at = context.at("address").at("socket_address").at("protocol");
        if (listener.getUdpListenerConfig().hasQuicOptions()) {
            at.error("QUIC listeners (HTTP/3) are not built yet", "use a TCP listener");
            for (int i = 0; i < chains; i++) {
                CompileContext chain = context.at("filter_chains", i);
                chain.settle("transport_socket");
                for (int j = 0; j < listener.getFilterChains(i).getFiltersCount(); j++) {
                    chain.at("filters", j).at("typed_config").settle("codec_type");
                }
            }
        } else if (chains > 0) {
            at.error(
                    "error adding listener '%s:%d': %d filter chain(s) specified for connection-less UDP listener."
                            .formatted(
                                    listener.getAddress().getSocketAddress().getAddress(),
                                    listener.getAddress().getSocketAddress().getPortValue(),
                                    chains));
        } else {
            at.error("UDP listeners are not built yet", "use a TCP listener");
        }
    }

    private static List<ListenerSpec.AdditionalAddress> additional(
            Listener listener, CompileContext context) {
        List<ListenerSpec.AdditionalAddress> additional = new ArrayList<>();
        for (int i = 0; i < listener.getAdditionalAddressesCount(); i++) {
            var entry = listener.getAdditionalAddresses(i);
            CompileContext at = context.at("additional_addresses", i);
            Address address = Addresses.literal(entry.getAddress(), at.at("address"));
            checkCompat(
                    entry.getAddress().getSocketAddress(),
                    address,
                    at.at("address").at("socket_address"));
            if (address != null) {
                additional.add(
                        new ListenerSpec.AdditionalAddress(
                                address,
                                entry.hasSocketOptions()
                                        ? SocketOptions.listener(
                                                entry.getSocketOptions().getSocketOptionsList(),
                                                at.at("socket_options"))
                                        : null,
                                ListenerSockets.keepalive(entry)));
            }
        }
        return additional;
    }

    private static List<FilterChainSpec> chains(
            Listener listener, @Nullable Address address, CompileContext context) {
        List<FilterChainSpec> chains = new ArrayList<>();
        List<FilterChainMatch> matches = new ArrayList<>();
        int before = context.diagnostics().errorCount();
        boolean named = listener.hasFilterChainMatcher();
        for (int i = 0; i < listener.getFilterChainsCount(); i++) {
            matches.add(
                    named
                            ? FilterChainMatch.ANY
                            : FilterChainMatchCompiler.compile(
                                    listener.getFilterChains(i).getFilterChainMatch(),
                                    address,
                                    context.at("filter_chains", i).at("filter_chain_match")));
        }
        if (!named && context.diagnostics().errorCount() == before) {
            FilterChainMatchCompiler.checkDuplicates(listener, matches, address, context);
        }
        for (int i = 0; i < listener.getFilterChainsCount(); i++) {
            FilterChainSpec spec =
                    FilterChainCompiler.compile(
                            listener.getFilterChains(i),
                            matches.get(i),
                            context.at("filter_chains", i));
            if (spec != null) {
                chains.add(spec);
            }
        }
        return chains;
    }

    private static Listener withoutChains(Listener listener) {
        return listener.toBuilder()
                .clearFilterChains()
                .clearDefaultFilterChain()
                .clearFilterChainMatcher()
                .build();
    }

    @SuppressWarnings("deprecation") // deprecated_v1.bind_to_port is what old control planes send
    private static boolean bindToPort(Listener listener) {
        boolean old =
                !listener.getDeprecatedV1().hasBindToPort()
                        || listener.getDeprecatedV1().getBindToPort().getValue();
        return old && (!listener.hasBindToPort() || listener.getBindToPort().getValue());
    }

    private static TrafficDirection direction(Listener listener) {
        return switch (listener.getTrafficDirection()) {
            case INBOUND -> TrafficDirection.INBOUND;
            case OUTBOUND -> TrafficDirection.OUTBOUND;
            case UNSPECIFIED, UNRECOGNIZED -> TrafficDirection.UNSPECIFIED;
        };
    }

    private static ListenerSpec.ConnectionBalance balance(
            Listener listener, CompileContext context) {
        var config = listener.getConnectionBalanceConfig();
        if (config.hasExtendBalance()) {
            context.at("connection_balance_config")
                    .at("extend_balance")
                    .error("connection balance extensions are not built");
        }
        return config.hasExactBalance()
                ? ListenerSpec.ConnectionBalance.EXACT
                : ListenerSpec.ConnectionBalance.NONE;
    }
}
