package dev.attache.filters.http.dynamic_forward_proxy;

import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.upstream.discovery.DnsCache;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;

/**
 * {@code envoy.filters.http.dynamic_forward_proxy}, compiled. Immutable.
 *
 * @param cache of names
 * @param savesAddress whether the address is left in filter state
 * @param heedsFilterState whether filters may have named host and port
 */
record DynamicForwardProxySpec(DnsCacheSlot cache, boolean savesAddress, boolean heedsFilterState)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new OnWorker(this, scope);
    }

    /** The filter of one chain on one worker. Loop-confined. */
    private static final class OnWorker implements HttpFilterFactory {
        private final DynamicForwardProxySpec spec;
        private final HttpFilterScope scope;
        private final DnsCaches.Lease lease;

        OnWorker(DynamicForwardProxySpec spec, HttpFilterScope scope) {
            this.spec = spec;
            this.scope = scope;
            this.lease = DnsCaches.lease(spec.cache());
        }

        @Override
        public HttpFilter newFilter() {
            DnsCache cache = lease.cache();
            return new DynamicForwardProxyFilter(spec, scope, cache);
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
