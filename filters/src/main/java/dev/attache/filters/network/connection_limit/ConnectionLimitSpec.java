package dev.attache.filters.network.connection_limit;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limit of one filter chain. The count is global by nature: one atomic update when a connection
 * begins and one when it ends, from any worker. It lives on through updates of the listener that
 * leave the chain as it is, and begins anew with a chain that is another, as in Envoy; connections
 * of the chain before leave its count, not this one.
 */
public final class ConnectionLimitSpec implements NetworkFilterSpec {

    private final String statPrefix;
    private final boolean enabled;
    private final long maxConnections;
    private final long delayMillis;
    private final AtomicLong connections = new AtomicLong();

    /**
     * @param enabled false: every connection passes, and none is counted
     * @param delayMillis how long a connection too many stays before it is closed; 0 = not at all
     */
    ConnectionLimitSpec(String statPrefix, boolean enabled, long maxConnections, long delayMillis) {
        this.statPrefix = statPrefix;
        this.enabled = enabled;
        this.maxConnections = maxConnections;
        this.delayMillis = delayMillis;
    }

    String statPrefix() {
        return statPrefix;
    }

    boolean enabled() {
        return enabled;
    }

    long delayMillis() {
        return delayMillis;
    }

    boolean tryOpen() {
        if (connections.incrementAndGet() <= maxConnections) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    void closed() {
        connections.decrementAndGet();
    }

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        ConnectionLimitStats stats =
                new ConnectionLimitStats(
                        context.ownScope("connection_limit." + statPrefix + "."),
                        context.worker().index());
        return NetworkFilterFactory.asking(
                "a counter of this proxy for a place",
                connection -> new ConnectionLimitFilter(this, stats, connection));
    }
}
