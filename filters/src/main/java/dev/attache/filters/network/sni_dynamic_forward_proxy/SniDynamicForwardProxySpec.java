package dev.attache.filters.network.sni_dynamic_forward_proxy;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;

/**
 * {@code envoy.filters.network.sni_dynamic_forward_proxy}, compiled. Immutable.
 *
 * @param cache of names
 * @param port of names, where filters have said no other
 * @param savesAddress whether the address is left in filter state
 */
record SniDynamicForwardProxySpec(DnsCacheSlot cache, int port, boolean savesAddress)
        implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        SniDynamicForwardProxySpec spec = this;
        DnsCaches.Lease lease = DnsCaches.lease(cache);
        return new NetworkFilterFactory() {
            @Override
            public NetworkFilter newFilter(Connection connection) {
                return new SniDynamicForwardProxyFilter(spec, lease.cache(), connection);
            }

            @Override
            public void close() {
                lease.close();
            }
        };
    }
}
