package dev.attache.config.cluster.discovery;

import com.google.protobuf.Duration;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.clusters.dns.v3.DnsCluster;

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
        return compile(same.build(), family(cluster), servers(cluster, context), context);
    }

    /** The settings of a cluster of type {@code envoy.clusters.dns}. */
    static DnsSpec compile(DnsCluster cluster, CompileContext context) {
        DnsServers servers =
                cluster.hasTypedDnsResolverConfig()
                        ? DnsResolvers.typed(cluster.getTypedDnsResolverConfig(), context)
                        : context.settings().resolvers();
        return compile(cluster, family(cluster), servers, context);
    }

    private static DnsSpec compile(
            DnsCluster cluster,
            DnsSpec.LookupFamily family,
            DnsServers servers,
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
            max = maxInterval(rate.hasMaxInterval(), rate.getMaxInterval(), base, at);
        }
        return new DnsSpec(
                family,
                refresh,
                cluster.getRespectDnsTtl(),
                base,
                max,
                Durations.millis(cluster.getDnsJitter(), context.at("dns_jitter")),
                servers);
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

    static long maxInterval(boolean given, Duration interval, long base, CompileContext at) {
        long max = Durations.millis(given, interval, base * 10, at.at("max_interval"));
        if (max < base) {
            at.error(
                    "dns_failure_refresh_rate must have max_interval greater than or equal to"
                            + " the base_interval");
        }
        return max;
    }

    private static DnsSpec.LookupFamily family(Cluster cluster) {
        return family(cluster.getDnsLookupFamily());
    }

    static DnsSpec.LookupFamily family(Cluster.DnsLookupFamily family) {
        return switch (family) {
            case V4_ONLY -> DnsSpec.LookupFamily.V4_ONLY;
            case V6_ONLY -> DnsSpec.LookupFamily.V6_ONLY;
            case V4_PREFERRED -> DnsSpec.LookupFamily.V4_PREFERRED;
            case ALL -> DnsSpec.LookupFamily.ALL;
            case AUTO, UNRECOGNIZED -> DnsSpec.LookupFamily.AUTO;
        };
    }

    @SuppressWarnings("deprecation") // dns_resolvers and dns_resolution_config are still in use
    private static DnsServers servers(Cluster cluster, CompileContext context) {
        if (cluster.hasTypedDnsResolverConfig() || cluster.hasDnsResolutionConfig()) {
            return DnsResolvers.compile(
                    cluster.hasTypedDnsResolverConfig(),
                    cluster.getTypedDnsResolverConfig(),
                    cluster.getDnsResolutionConfig(),
                    context);
        }
        return cluster.getDnsResolversCount() == 0
                ? context.settings().resolvers()
                : new DnsServers(
                        DnsResolvers.addresses(
                                cluster.getDnsResolversList(), context, "dns_resolvers"),
                        true);
    }
}
