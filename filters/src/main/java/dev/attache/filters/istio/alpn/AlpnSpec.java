package dev.attache.filters.istio.alpn;

import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.Map;

/**
 * The filter's settings. Immutable.
 *
 * @param overrides what is offered, by the protocol that is to be spoken
 */
record AlpnSpec(Map<Protocol, StateValue.Names> overrides) implements HttpFilterSpec {
    AlpnSpec {
        overrides = Map.copyOf(overrides);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        AlpnFilter filter = new AlpnFilter(overrides, scope.clusters());
        return () -> filter;
    }
}
