package dev.attache.proxy.upstream.health;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.pool.ClientCodec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.worker.WorkerContext;
import java.util.function.Function;

/**
 * What checks need of the cluster whose hosts they check. Main thread.
 *
 * @param name the cluster's
 * @param scope {@code cluster.<name>.}
 * @param loop the main thread's
 * @param dialing opens connections on it
 * @param transports the transport socket for checks of a host
 * @param bufferLimitBytes of a connection
 */
public record CheckedCluster(
        String name,
        HealthCheckSpec spec,
        Scope scope,
        WorkerContext loop,
        Dialing dialing,
        ClientCodec.Factory codecs,
        Function<Host, ClientTransport> transports,
        int bufferLimitBytes) {

    /** Opens a connection to an address; as {@link Dialer}, without a host. */
    @FunctionalInterface
    public interface Dialing {
        Cancellable dial(
                Address address,
                ClientTransport transport,
                TransportOptions options,
                Dialer.Listener listener);
    }
}
