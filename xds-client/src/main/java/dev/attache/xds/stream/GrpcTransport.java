package dev.attache.xds.stream;

import dev.attache.xds.MainLoop;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * gRPC over TCP, TLS, a Unix socket, or within the process where {@link LocalServices} say so. One
 * connection, replaced when the target names another address or security at the next {@link #open},
 * and after a stream that found none: a gRPC channel which could not connect answers every call
 * with that failure until it is connected again (gRFC A62), so that a control plane which is back
 * would be found one back-off late. The back-off is Envoy's, of the stream on top; each of its
 * attempts is one of a connection.
 */
public final class GrpcTransport implements XdsTransport {

    private final MainLoop loop;
    private final GrpcThreads threads;
    private final GrpcTarget target;
    private final LocalServices local;

    private @Nullable ManagedChannel channel;
    private @Nullable SocketAddress address;
    private @Nullable ConnectionSecurity security;
    private boolean within;

    public GrpcTransport(MainLoop loop, GrpcThreads threads, GrpcTarget target) {
        this(loop, threads, target, LocalServices.NONE);
    }

    /**
     * @param local what is served in this process
     */
    public GrpcTransport(
            MainLoop loop, GrpcThreads threads, GrpcTarget target, LocalServices local) {
        this.loop = loop;
        this.threads = threads;
        this.target = target;
        this.local = local;
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public <Q, R> XdsStream<Q> open(MethodDescriptor<Q, R> method, StreamListener<R> listener) {
        SocketAddress next = target.nextAddress();
        if (next == null) {
            return refused(listener, Status.UNAVAILABLE.withDescription("no healthy upstream"));
        }
        ManagedChannel current;
        try {
            current = channelTo(next);
        } catch (RuntimeException e) {
            return refused(
                    listener, Status.UNAVAILABLE.withDescription(e.getMessage()).withCause(e));
        }
        ClientCall<Q, R> call = current.newCall(method, CallOptions.DEFAULT);
        CallStream<Q, R> stream = new CallStream<>(call);
        TransportEvents events = within ? new LocalTraffic(target.events()) : target.events();
        events.streamWanted();
        call.start(new OnLoop<>(current, stream, listener, events), target.metadata());
        return stream;
    }

    @Override
    public void close() {
        ManagedChannel current = channel;
        channel = null;
        if (current != null) {
            current.shutdownNow();
        }
        target.close();
    }

    private <Q, R> XdsStream<Q> refused(StreamListener<R> listener, Status status) {
        RefusedStream<Q> stream = new RefusedStream<>();
        loop.execute(() -> {
            if (!stream.cancelled) {
                listener.onClosed(status);
            }
        });
        return stream;
    }

    /** Forgets a channel; streams that it still has go on. */
    private void discard(ManagedChannel failed) {
        if (channel == failed) {
            channel = null;
        }
        failed.shutdown();
    }

    private ManagedChannel channelTo(SocketAddress next) {
        ConnectionSecurity nextSecurity = target.security();
        ManagedChannel current = channel;
        if (current != null && next.equals(address) && nextSecurity == security) {
            return current;
        }
        if (current != null) {
            current.shutdown();
        }
        ManagedChannel built = build(next, nextSecurity);
        channel = built;
        address = next;
        security = nextSecurity;
        return built;
    }

    private ManagedChannel build(SocketAddress to, @Nullable ConnectionSecurity secure) {
        String server = secure == null ? local.serverAt(to) : null;
        within = server != null;
        return server == null ? connection(to, secure) : withinProcess(server);
    }

    private ManagedChannel withinProcess(String server) {
        return InProcessChannelBuilder.forName(server)
                .overrideAuthority(target.authority())
                .directExecutor()
                .disableRetry()
                .build();
    }

    private ManagedChannel connection(SocketAddress to, @Nullable ConnectionSecurity secure) {
        NettyChannelBuilder builder =
                to instanceof InetSocketAddress inet && inet.isUnresolved()
                        ? NettyChannelBuilder.forAddress(inet.getHostString(), inet.getPort())
                        : NettyChannelBuilder.forAddress(to);
        builder.eventLoopGroup(threads.group())
                .channelType(GrpcThreads.channelType(to), to.getClass())
                .overrideAuthority(target.authority())
                .directExecutor()
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .disableRetry()
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        (int) Math.min(Integer.MAX_VALUE, target.connectTimeout().toMillis()));
        if (to instanceof DomainSocketAddress) {
            // gRPC asks every socket for keepalive; null takes that back where there is none.
            builder.withOption(ChannelOption.SO_KEEPALIVE, null);
        }
        if (target.keepalive() != null) {
            builder.keepAliveTime(target.keepalive().toNanos(), TimeUnit.NANOSECONDS);
        }
        InternalNettyChannelBuilder.setProtocolNegotiatorFactory(
                builder, new Negotiators(secure, loop, target.events()));
        return builder.build();
    }

    private record Negotiators(
            @Nullable ConnectionSecurity security, MainLoop loop, TransportEvents events)
            implements InternalProtocolNegotiator.ClientFactory {
        @Override
        public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator() {
            return new WatchedNegotiator(
                    security == null
                            ? InternalProtocolNegotiators.plaintext()
                            : new SecureNegotiator(security),
                    loop,
                    events);
        }

        @Override
        public int getDefaultPort() {
            return security == null ? 80 : 443;
        }
    }

    /** Hands gRPC's callbacks, which come on the network thread in order, to the main loop. */
    private final class OnLoop<Q, R> extends ClientCall.Listener<R> {
        private final ManagedChannel used;
        private final CallStream<Q, R> stream;
        private final StreamListener<R> listener;
        private final TransportEvents events;
        private boolean connected;

        OnLoop(
                ManagedChannel used,
                CallStream<Q, R> stream,
                StreamListener<R> listener,
                TransportEvents events) {
            this.used = used;
            this.stream = stream;
            this.listener = listener;
            this.events = events;
        }

        @Override
        public void onHeaders(Metadata headers) {
            loop.execute(events::streamAnswered);
        }

        @Override
        public void onReady() {
            loop.execute(() -> {
                connected = true;
                events.streamReady();
            });
            post(listener::onReady);
        }

        @Override
        public void onMessage(R message) {
            post(() -> listener.onMessage(message));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            loop.execute(() -> {
                if (!stream.cancelled) {
                    events.streamClosed(status.getCode().value());
                }
                events.streamEnded();
                if (!connected) {
                    discard(used);
                }
            });
            post(() -> listener.onClosed(status));
        }

        private void post(Runnable event) {
            loop.execute(() -> {
                if (!stream.cancelled) {
                    event.run();
                }
            });
        }
    }

    private static final class CallStream<Q, R> implements XdsStream<Q> {
        private final ClientCall<Q, R> call;
        private boolean cancelled;

        CallStream(ClientCall<Q, R> call) {
            this.call = call;
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(Q message) {
            call.sendMessage(message);
        }

        @Override
        public void requestNext() {
            call.request(1);
        }

        @Override
        public void cancel() {
            cancelled = true;
            call.cancel("closed", null);
        }
    }

    /** Stands for a stream that could not even be tried. */
    private static final class RefusedStream<Q> implements XdsStream<Q> {
        private boolean cancelled;

        @Override
        public boolean isReady() {
            return false;
        }

        @Override
        public void send(Q message) {
            throw new IllegalStateException("the stream never opened");
        }

        @Override
        public void requestNext() {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
