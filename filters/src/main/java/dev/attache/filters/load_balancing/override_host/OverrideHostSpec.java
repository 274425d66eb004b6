package dev.attache.filters.load_balancing.override_host;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy as configured. Immutable.
 *
 * @param told where the metadata of the request tells of the host that was picked; null = nowhere
 * @param fallback picks where the request names no host that is there
 */
record OverrideHostSpec(
        List<HostSource> sources, @Nullable MetadataPlace told, LoadBalancerSpec fallback)
        implements LoadBalancerSpec {

    OverrideHostSpec {
        sources = List.copyOf(sources);
    }

    @Override
    public LoadBalancer newBalancer(BalancerContext context) {
        return new OverrideHostBalancer(this, context);
    }

    @Override
    public void prepare(HostSet hosts, LoadBalancingSettings settings, SharedTables tables) {
        fallback.prepare(hosts, settings, tables);
    }

    @Override
    public void retire(SharedTables tables) {
        fallback.retire(tables);
    }
}
