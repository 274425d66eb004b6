package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.stats.ClusterStats;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/** What the pools of one cluster on one worker share. Loop-confined. */
public interface PoolContext {

    WorkerContext worker();

    ClusterSpec spec();

    ClusterStats stats();

    CircuitBreaker breaker(Priority priority);

    ClientTransport transport(Host host);

    Dialer dialer();

    ClientCodec.Factory codecs();

    /** What new connections pass first, or null. */
    default @Nullable OpenConnectionFilters connectionFilters() {
        return null;
    }
}
