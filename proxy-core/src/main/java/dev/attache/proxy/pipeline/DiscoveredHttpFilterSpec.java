package dev.attache.proxy.pipeline;

import dev.attache.proxy.discovered.DiscoveredSpec;

/**
 * An HTTP filter whose configuration is discovered. Immutable.
 *
 * @param terminal whether it stands last in its chain
 */
public record DiscoveredHttpFilterSpec(DiscoveredSpec<HttpFilterSpec> discovered, boolean terminal)
        implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        return new DiscoveredHttpFilterFactory(discovered, scope);
    }
}
