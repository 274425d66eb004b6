package dev.attache.filters.network.connection_limit;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limit of one filter chain. The count is global by nature: one atomic update when a connection
 * begins and one when it ends, from any worker.
 */
public final class ConnectionLimitSpec implements NetworkFilterSpec {

    private final String statPrefix;
    private final long maxConnections;
    private final long delayMillis;
    private final AtomicLong connections = new AtomicLong();

    /**
     * @param delayMillis how long a connection too many stays before it is closed; 0 = not at all
     */
    ConnectionLimitSpec(String statPrefix, long maxConnections, long delayMillis) {
        this.statPrefix = statPrefix;
        this.maxConnections = maxConnections;
        this.delayMillis = delayMillis;
    }

    String statPrefix() {
        return statPrefix;
    }

    long maxConnections() {
        return maxConnections;
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
        return connection -> new ConnectionLimitFilter(this, stats, connection);
    }
}
