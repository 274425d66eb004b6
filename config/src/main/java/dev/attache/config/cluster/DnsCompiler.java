package dev.attache.config.cluster;

import com.google.protobuf.Any;
import dev.attache.config.core.Addresses;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.upstream.spec.DnsSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import io.envoyproxy.envoy.extensions.network.dns_resolver.getaddrinfo.v3.GetAddrInfoDnsResolverConfig;
import java.util.ArrayList;
import java.util.List;

/** The DNS fields of a cluster. */
final class DnsCompiler {
    private static final long DEFAULT_REFRESH_MILLIS = 5_000;

    private DnsCompiler() {}

    /** The fields of a cluster of type STRICT_DNS or LOGICAL_DNS. */
    static DnsSpec compile(Cluster cluster, CompileContext context) {
        DnsCluster.Builder same =
                DnsCluster.newBuilder().setRespectDnsTtl(cluster.getRespectDnsTtl());
        if (cluster.hasDnsRefreshRate()) {
            same.setDnsRefreshRate(cluster.getDnsRefreshRate());
        }
        if (cluster.hasDnsFailureRefreshRate()) {
            var rate = cluster.getDnsFailureRefreshRate();
            same.getDnsFailureRefreshRateBuilder().setBaseInterval(rate.getBaseInterval());
            if (rate.hasMaxInterval()) {
                same.getDnsFailureRefreshRateBuilder().setMaxInterval(rate.getMaxInterval());
            }
        }
        if (cluster.hasDnsJitter()) {
            same.setDnsJitter(cluster.getDnsJitter());
        }
        return compile(same.build(), family(cluster), resolvers(cluster, context), context);
    }

    /** The settings of a cluster of type {@code envoy.clusters.dns}. */
    static DnsSpec compile(DnsCluster cluster, CompileContext context) {
        List<Address> resolvers =
                cluster.hasTypedDnsResolverConfig()
                        ? typed(
                                cluster.getTypedDnsResolverConfig().getTypedConfig(),
                                context.at("typed_dns_resolver_config").at("typed_config"))
                        : List.of();
        return compile(cluster, family(cluster), resolvers, context);
    }

    private static DnsSpec compile(
            DnsCluster cluster,
            DnsSpec.LookupFamily family,
            List<Address> resolvers,
            CompileContext context) {
        long refresh =
                Durations.millis(
                        cluster.hasDnsRefreshRate(),
                        cluster.getDnsRefreshRate(),
                        DEFAULT_REFRESH_MILLIS,
                        context.at("dns_refresh_rate"));
        long base = refresh;
        long max = refresh;
        if (cluster.hasDnsFailureRefreshRate()) {
            CompileContext at = context.at("dns_failure_refresh_rate");
            var rate = cluster.getDnsFailureRefreshRate();
            base = Durations.millis(rate.getBaseInterval(), at.at("base_interval"));
            max =
                    Durations.millis(
                            rate.hasMaxInterval(),
                            rate.getMaxInterval(),
                            base * 10,
                            at.at("max_interval"));
            if (max < base) {
                at.error(
                        "dns_failure_refresh_rate must have max_interval greater than or equal to"
                                + " the base_interval");
            }
        }
        return new DnsSpec(
                family,
                refresh,
                cluster.getRespectDnsTtl(),
                base,
                max,
                Durations.millis(cluster.getDnsJitter(), context.at("dns_jitter")),
                resolvers);
    }

    private static DnsSpec.LookupFamily family(DnsCluster cluster) {
        return switch (cluster.getDnsLookupFamily()) {
            case V4_ONLY -> DnsSpec.LookupFamily.V4_ONLY;
            case V6_ONLY -> DnsSpec.LookupFamily.V6_ONLY;
            case V4_PREFERRED -> DnsSpec.LookupFamily.V4_PREFERRED;
            case ALL -> DnsSpec.LookupFamily.ALL;
            case AUTO, UNSPECIFIED, UNRECOGNIZED -> DnsSpec.LookupFamily.AUTO;
        };
    }

    private static DnsSpec.LookupFamily family(Cluster cluster) {
        return switch (cluster.getDnsLookupFamily()) {
            case V4_ONLY -> DnsSpec.LookupFamily.V4_ONLY;
            case V6_ONLY -> DnsSpec.LookupFamily.V6_ONLY;
            case V4_PREFERRED -> DnsSpec.LookupFamily.V4_PREFERRED;
            case ALL -> DnsSpec.LookupFamily.ALL;
            case AUTO, UNRECOGNIZED -> DnsSpec.LookupFamily.AUTO;
        };
    }

    /** Of the three ways to name resolvers the newest that is used wins. */
    @SuppressWarnings("deprecation") // dns_resolvers and dns_resolution_config are still in use
    private static List<Address> resolvers(Cluster cluster, CompileContext context) {
        if (cluster.hasTypedDnsResolverConfig()) {
            return typed(
                    cluster.getTypedDnsResolverConfig().getTypedConfig(),
                    context.at("typed_dns_resolver_config").at("typed_config"));
        }
        if (cluster.hasDnsResolutionConfig()) {
            return addresses(
                    cluster.getDnsResolutionConfig().getResolversList(),
                    context.at("dns_resolution_config"),
                    "resolvers");
        }
        return addresses(cluster.getDnsResolversList(), context, "dns_resolvers");
    }

    private static List<Address> typed(Any config, CompileContext context) {
        if (config.getTypeUrl().endsWith("CaresDnsResolverConfig")) {
            CaresDnsResolverConfig cares =
                    context.unpack(config, CaresDnsResolverConfig.getDefaultInstance());
            return cares == null
                    ? List.of()
                    : addresses(cares.getResolversList(), context, "resolvers");
        }
        context.unpack(config, GetAddrInfoDnsResolverConfig.getDefaultInstance());
        return List.of();
    }

    private static List<Address> addresses(
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
