package dev.attache.filters.network.echo;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;

/** Nothing to configure. */
public record EchoSpec() implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return EchoFilter::new;
    }
}
