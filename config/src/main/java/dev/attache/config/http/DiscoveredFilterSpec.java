package dev.attache.config.http;

import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.pipeline.DiscoveredFilter;
import dev.attache.proxy.pipeline.DiscoveredFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A filter by the name under which its configuration is discovered.
 *
 * @param slot where it is found, for as long as a chain or the main loop holds it
 * @param fallback {@code default_config}, or null
 */
record DiscoveredFilterSpec(
        SharedSlot<DiscoveredFilter> slot, @Nullable HttpFilterSpec fallback, boolean terminal)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        SharedSlot.Lease<DiscoveredFilter> lease = slot.lease();
        try {
            return new DiscoveredFilterFactory(lease.value(), fallback, scope, lease::close);
        } catch (Throwable e) {
            lease.close();
            throw e;
        }
    }
}
