package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.spec.SocketSpec;
import dev.attache.proxy.worker.WorkerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dials with Netty on the worker's own loop. */
public final class NettyDialer implements Dialer {

    private final WorkerContext worker;
    private final SocketSpec sockets;
    private final RedirectGuard guard;
    private RedirectGuard.@Nullable Pass cause;

    public NettyDialer(WorkerContext worker, SocketSpec sockets, RedirectGuard guard) {
        this.worker = worker;
        this.sockets = sockets;
        this.guard = guard;
    }

    @Override
    public void onBehalfOf(RedirectGuard.@Nullable Pass cause) {
        this.cause = cause;
    }

    @Override
    public Cancellable dial(
            Host host, ClientTransport transport, TransportOptions options, Listener listener) {
        return dial(DialOrder.of(host, sockets.happyEyeballs()), transport, options, listener);
    }

    /** To one address, whoever's it is; otherwise as {@link Dialer#dial}. */
    public Cancellable dial(
            Address address,
            ClientTransport transport,
            TransportOptions options,
            Listener listener) {
        return dial(List.of(address), transport, options, listener);
    }

    private Cancellable dial(
            List<Address> order,
            ClientTransport transport,
            TransportOptions options,
            Listener listener) {
        if (!transport.ready()) {
            // Secrets have not arrived.
            listener.onDialFailed(false, null);
            return Cancellable.DONE;
        }
        DialAttempt attempt =
                new DialAttempt(
                        worker,
                        sockets,
                        order,
                        transport,
                        options,
                        new DialGuard(guard, cause),
                        listener);
        attempt.start();
        return attempt;
    }
}
