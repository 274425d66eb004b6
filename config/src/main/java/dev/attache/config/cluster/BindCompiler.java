package dev.attache.config.cluster;

import dev.attache.config.core.Addresses;
import dev.attache.config.core.SocketOptions;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.spec.SocketSpec;
import dev.attache.proxy.upstream.spec.SocketSpec.HappyEyeballs;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code upstream_bind_config} and {@code upstream_connection_options}. */
final class BindCompiler {
    private BindCompiler() {}

    /**
     * @param inherited the cluster manager's bind config; the cluster's own replaces it as a whole
     */
    static SocketSpec compile(Cluster cluster, BindConfig inherited, CompileContext context) {
        BindConfig bind =
                cluster.hasUpstreamBindConfig() ? cluster.getUpstreamBindConfig() : inherited;
        CompileContext at = context.at("upstream_bind_config");
        IpAddress source =
                bind.hasSourceAddress()
                        ? Addresses.socket(bind.getSourceAddress(), at.at("source_address"))
                        : null;
        List<IpAddress> extra = extra(bind, at);
        checkVersions(cluster, source, extra, at);
        return new SocketSpec(
                source,
                extra,
                bind.getFreebind().getValue(),
                keepalive(cluster.getUpstreamConnectionOptions()),
                SocketOptions.upstream(bind.getSocketOptionsList(), at),
                happyEyeballs(cluster.getUpstreamConnectionOptions()));
    }

    @SuppressWarnings("deprecation") // additional_source_addresses is the old name of the same
    private static List<IpAddress> extra(BindConfig bind, CompileContext context) {
        List<IpAddress> extra = new ArrayList<>();
        for (int i = 0; i < bind.getExtraSourceAddressesCount(); i++) {
            CompileContext at = context.at("extra_source_addresses", i);
            if (bind.getExtraSourceAddresses(i).hasSocketOptions()) {
                at.at("socket_options")
                        .error("socket options of one source address are not supported");
            }
            add(
                    Addresses.socket(
                            bind.getExtraSourceAddresses(i).getAddress(), at.at("address")),
                    extra);
        }
        for (int i = 0; i < bind.getAdditionalSourceAddressesCount(); i++) {
            CompileContext at = context.at("additional_source_addresses", i);
            add(Addresses.socket(bind.getAdditionalSourceAddresses(i), at), extra);
        }
        return extra;
    }

    private static void add(@Nullable IpAddress address, List<IpAddress> into) {
        if (address != null) {
            into.add(address);
        }
    }

    private static void checkVersions(
            Cluster cluster, @Nullable IpAddress source, List<IpAddress> extra, CompileContext at) {
        if (extra.isEmpty()) {
            return;
        }
        String prefix = "Cluster " + cluster.getName() + "'s upstream binding config has ";
        if (source == null) {
            at.error(
                    prefix
                            + "no source_address. source_address must be set when"
                            + " extra_source_addresses is set");
        } else if (extra.size() > 1) {
            at.error(
                    prefix
                            + "more than one extra/additional source addresses. Only one"
                            + " extra/additional source can be supported in BindConfig's"
                            + " extra_source_addresses/additional_source_addresses field");
        } else if (extra.getFirst().isV6() == source.isV6()) {
            at.error(
                    prefix
                            + "two same IP version source addresses. Only two different IP version"
                            + " source addresses can be supported in BindConfig's source_address and"
                            + " extra_source_addresses/additional_source_addresses fields");
        }
    }

    private static SocketSpec.@Nullable Keepalive keepalive(UpstreamConnectionOptions options) {
        if (!options.hasTcpKeepalive()) {
            return null;
        }
        TcpKeepalive keepalive = options.getTcpKeepalive();
        return new SocketSpec.Keepalive(
                keepalive.getKeepaliveProbes().getValue(),
                keepalive.getKeepaliveTime().getValue(),
                keepalive.getKeepaliveInterval().getValue());
    }

    private static HappyEyeballs happyEyeballs(UpstreamConnectionOptions options) {
        if (!options.hasHappyEyeballsConfig()) {
            return HappyEyeballs.DEFAULTS;
        }
        var config = options.getHappyEyeballsConfig();
        HappyEyeballs.FirstFamily first =
                switch (config.getFirstAddressFamilyVersion()) {
                    case V4 -> HappyEyeballs.FirstFamily.V4;
                    case V6 -> HappyEyeballs.FirstFamily.V6;
                    case DEFAULT, UNRECOGNIZED -> HappyEyeballs.FirstFamily.AS_GIVEN;
                };
        int count =
                config.hasFirstAddressFamilyCount()
                        ? config.getFirstAddressFamilyCount().getValue()
                        : 1;
        return new HappyEyeballs(first, count);
    }
}
