package dev.attache.config.cluster.discovery;

import dev.attache.api.Overlay;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.SharedState;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;
import dev.attache.proxy.upstream.spec.DnsCacheSpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.HostPort;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.extensions.common.dynamic_forward_proxy.v3.DnsCacheConfig;
import io.envoyproxy.envoy.type.matcher.v3.AddressMatcher;
import org.jspecify.annotations.Nullable;

/** {@code DnsCacheConfig}: a cache of names that clusters and filters share by its name. */
public final class DnsCacheCompiler {

    private static final int DEFAULT_MAX = 1024;
    private static final long DEFAULT_REFRESH_MILLIS = 60_000;
    private static final long DEFAULT_MIN_REFRESH_MILLIS = 5_000;
    private static final long DEFAULT_HOST_TTL_MILLIS = 300_000;
    private static final long DEFAULT_QUERY_MILLIS = 5_000;

    private DnsCacheCompiler() {}

    /** The cache's slot, or null where something is wrong, which has been reported. */
    public static @Nullable DnsCacheSlot compile(DnsCacheConfig config, CompileContext context) {
        int before = context.diagnostics().errorCount();
        DnsCacheSpec spec = spec(config, context);
        if (spec.preresolved().size() > spec.maxHosts()) {
            context.error(
                    "DNS Cache [%s] configured with preresolve_hostnames=%d larger than max_hosts=%d"
                            .formatted(spec.name(), spec.preresolved().size(), spec.maxHosts()));
        }
        if (context.diagnostics().errorCount() > before) {
            return null;
        }
        SharedState shared = context.settings().shared();
        DnsCacheSlot slot =
                shared.forLife(
                                DnsCaches.class,
                                () ->
                                        new DnsCaches(() ->
                                                shared.provided(DnsCaches.Surroundings.class)))
                        .slot(spec);
        if (slot == null) {
            context.error(
                    "config specified DNS cache '%s' with different settings"
                            .formatted(spec.name()));
        }
        return slot;
    }

    private static DnsCacheSpec spec(DnsCacheConfig config, CompileContext context) {
        return new DnsCacheSpec(
                config.getName(),
                DnsCompiler.family(config.getDnsLookupFamily()),
                servers(config, context),
                times(config, context),
                config.hasMaxHosts() ? limit(config.getMaxHosts().getValue()) : DEFAULT_MAX,
                config.getDnsCacheCircuitBreaker().hasMaxPendingRequests()
                        ? limit(
                                config.getDnsCacheCircuitBreaker()
                                        .getMaxPendingRequests()
                                        .getValue())
                        : DEFAULT_MAX,
                config.getPreresolveHostnamesList().stream()
                        .map(DnsCacheCompiler::preresolved)
                        .toList(),
                filter(config, context));
    }

    private static HostPort preresolved(SocketAddress name) {
        return new HostPort(name.getAddress(), name.getPortValue());
    }

    private static DnsCacheSpec.Times times(DnsCacheConfig config, CompileContext context) {
        long refresh =
                Durations.millis(
                        config.hasDnsRefreshRate(),
                        config.getDnsRefreshRate(),
                        DEFAULT_REFRESH_MILLIS,
                        context.at("dns_refresh_rate"));
        long base = refresh;
        long max = refresh;
        if (config.hasDnsFailureRefreshRate()) {
            CompileContext at = context.at("dns_failure_refresh_rate");
            var rate = config.getDnsFailureRefreshRate();
            base = Durations.millis(rate.getBaseInterval(), at.at("base_interval"));
            max = DnsCompiler.maxInterval(rate.hasMaxInterval(), rate.getMaxInterval(), base, at);
        }
        return new DnsCacheSpec.Times(
                refresh,
                Durations.millis(
                        config.hasDnsMinRefreshRate(),
                        config.getDnsMinRefreshRate(),
                        DEFAULT_MIN_REFRESH_MILLIS,
                        context.at("dns_min_refresh_rate")),
                Durations.millis(
                        config.hasHostTtl(),
                        config.getHostTtl(),
                        DEFAULT_HOST_TTL_MILLIS,
                        context.at("host_ttl")),
                !config.getDisableDnsRefreshOnFailure(),
                base,
                max,
                Durations.millis(
                        config.hasDnsQueryTimeout(),
                        config.getDnsQueryTimeout(),
                        DEFAULT_QUERY_MILLIS,
                        context.at("dns_query_timeout")));
    }

    @SuppressWarnings("deprecation") // dns_resolution_config is still in use
    private static DnsServers servers(DnsCacheConfig config, CompileContext context) {
        return config.hasTypedDnsResolverConfig() || config.hasDnsResolutionConfig()
                ? DnsResolvers.compile(
                        config.hasTypedDnsResolverConfig(),
                        config.getTypedDnsResolverConfig(),
                        config.getDnsResolutionConfig(),
                        context)
                : context.settings().resolvers();
    }

    private static DnsCacheSpec.@Nullable AddressFilter filter(
            DnsCacheConfig config, CompileContext context) {
        AddressMatcher matcher =
                Overlay.of(config)
                        .message("resolved_address_filter", AddressMatcher.getDefaultInstance());
        return matcher == null
                ? null
                : new DnsCacheSpec.AddressFilter(
                        CidrRanges.compileXds(
                                matcher.getRangesList(),
                                "ranges",
                                context.at("resolved_address_filter")),
                        Overlay.of(matcher).flag("invert_match"));
    }

    private static int limit(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
