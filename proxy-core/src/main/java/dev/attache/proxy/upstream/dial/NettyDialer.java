package dev.attache.proxy.upstream.dial;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.connection.userspace.Passthrough;
import dev.attache.proxy.metadata.Metadata;
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
    private final InternalDial internal;
    private RedirectGuard.@Nullable Pass cause;
    private int hops;
    private Metadata clusterMetadata = Metadata.EMPTY;

    /** Reaches no internal listener. */
    public NettyDialer(WorkerContext worker, SocketSpec sockets, RedirectGuard guard) {
        this(worker, sockets, guard, InternalDial.NONE);
    }

    /** Reaches internal listeners of this worker, too. */
    public NettyDialer(
            WorkerContext worker, SocketSpec sockets, RedirectGuard guard, InternalDial internal) {
        this.worker = worker;
        this.sockets = sockets;
        this.guard = guard;
        this.internal = internal;
    }

    @Override
    public void onBehalfOf(@Nullable ConnectionInfo accepted) {
        cause = accepted == null ? null : accepted.pass();
        hops = accepted == null ? 0 : accepted.internalHops();
    }

    @Override
    public void clusterMetadata(Metadata metadata) {
        clusterMetadata = metadata;
    }

    @Override
    public Cancellable dial(
            Host host, ClientTransport transport, TransportOptions options, Listener listener) {
        return dial(
                DialOrder.of(host, sockets.happyEyeballs()),
                transport.of(host.metadata()),
                options,
                host.metadata(),
                listener);
    }

    /** To one address, whoever's it is; otherwise as {@link Dialer#dial}. */
    public Cancellable dial(
            Address address,
            ClientTransport transport,
            TransportOptions options,
            Listener listener) {
        return dial(List.of(address), transport, options, Metadata.EMPTY, listener);
    }

    private Cancellable dial(
            List<Address> order,
            ClientTransport transport,
            TransportOptions options,
            Metadata hostMetadata,
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
                        internal(transport, options, hostMetadata),
                        listener);
        attempt.start();
        return attempt;
    }

    private DialAttempt.ToInternal internal(
            ClientTransport transport, TransportOptions options, Metadata hostMetadata) {
        int from = hops;
        return to -> {
            Passthrough told =
                    new Passthrough(
                            transport.passthrough(hostMetadata, clusterMetadata),
                            transport.passesFilterState() ? options.shared().all() : List.of());
            return internal.connect(worker, to, told, from);
        };
    }
}
