package dev.attache.proxy.listener;

import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ServerTransport;

/**
 * One filter chain opened for the process: its spec and its transport, which all workers share.
 * Lives on through updates that leave the chain as it is. Counted by the listener versions that
 * hold it, on the publishing thread.
 */
final class OpenChain {

    private final FilterChainSpec spec;
    private final ServerTransport transport;
    private int holders = 1;

    OpenChain(FilterChainSpec spec, Scope scope) {
        this.spec = spec;
        this.transport = spec.transport().open(scope, spec.match().serverNames());
    }

    FilterChainSpec spec() {
        return spec;
    }

    ServerTransport transport() {
        return transport;
    }

    OpenChain hold() {
        holders++;
        return this;
    }

    void release() {
        if (--holders == 0) {
            transport.close();
        }
    }
}
