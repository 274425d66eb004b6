package dev.attache.config.cluster.discovery;

import com.google.protobuf.Any;
import dev.attache.config.core.Addresses;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.upstream.spec.DnsServers;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.DnsResolutionConfig;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig;
import java.util.ArrayList;
import java.util.List;

/** Which DNS servers are asked: those of a cluster, or the bootstrap's for clusters without. */
public final class DnsResolvers {

    private DnsResolvers() {}

    /** The bootstrap's. */
    @SuppressWarnings("deprecation") // dns_resolution_config is still in use
    public static DnsServers compile(Bootstrap bootstrap, CompileContext context) {
        return bootstrap.hasTypedDnsResolverConfig() || bootstrap.hasDnsResolutionConfig()
                ? compile(
                        bootstrap.hasTypedDnsResolverConfig(),
                        bootstrap.getTypedDnsResolverConfig(),
                        bootstrap.getDnsResolutionConfig(),
                        context)
                : DnsServers.SYSTEM;
    }

    /** Of the two ways to name them the newer one, where it is used, wins. */
    static DnsServers compile(
            boolean isTyped,
            TypedExtensionConfig typed,
            DnsResolutionConfig older,
            CompileContext context) {
        if (isTyped) {
            return typed(typed, context);
        }
        CompileContext at = context.at("dns_resolution_config");
        return new DnsServers(
                addresses(older.getResolversList(), at, "resolvers"),
                !older.getDnsResolverOptions().getNoDefaultSearchDomain());
    }

    /** What stands at {@code typed_dns_resolver_config}. */
    static DnsServers typed(TypedExtensionConfig resolver, CompileContext holder) {
        Any config = resolver.getTypedConfig();
        CompileContext context = holder.at("typed_dns_resolver_config").at("typed_config");
        if (config.getTypeUrl().endsWith("CaresDnsResolverConfig")) {
            CaresDnsResolverConfig cares =
                    context.unpack(config, CaresDnsResolverConfig.getDefaultInstance());
            return cares == null
                    ? DnsServers.SYSTEM
                    : new DnsServers(
                            addresses(cares.getResolversList(), context, "resolvers"),
                            !cares.getDnsResolverOptions().getNoDefaultSearchDomain());
        }
        context.unpack(config, GetAddrInfoDnsResolverConfig.getDefaultInstance());
        return DnsServers.SYSTEM;
    }

    static List<Address> addresses(
            List<io.envoyproxy.envoy.config.core.v3.Address> addresses,
            CompileContext context,
            String field) {
        List<Address> compiled = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            Address address = Addresses.literal(addresses.get(i), context.at(field, i));
            if (address != null) {
                compiled.add(address);
            }
        }
        return compiled;
    }
}
