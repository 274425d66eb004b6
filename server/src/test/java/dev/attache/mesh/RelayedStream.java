package dev.attache.mesh;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy's stream to the socket of an agent. */
final class RelayedStream implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final ManagedChannel channel;
    private @Nullable StreamObserver<DiscoveryRequest> full;
    private @Nullable StreamObserver<DeltaDiscoveryRequest> delta;

    private RelayedStream(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .eventLoopGroup(loops)
                        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                        .withOption(io.netty.channel.ChannelOption.SO_KEEPALIVE, null)
                        .usePlaintext()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .overrideAuthority("xds")
                        .build();
    }

    /** One of the protocol that tells all each time. */
    static RelayedStream full(Path socket) {
        RelayedStream stream = new RelayedStream(socket);
        stream.full = stream.stub().streamAggregatedResources(stream.events());
        return stream;
    }

    /** One of the incremental protocol. */
    static RelayedStream delta(Path socket) {
        RelayedStream stream = new RelayedStream(socket);
        stream.delta = stream.stub().deltaAggregatedResources(stream.events());
        return stream;
    }

    private AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub stub() {
        return AggregatedDiscoveryServiceGrpc.newStub(channel).withWaitForReady();
    }

    private <T extends Message> StreamObserver<T> events() {
        return new StreamObserver<>() {
            @Override
            public void onNext(T response) {
                events.add(DiscoveryText.of(response));
            }

            @Override
            public void onError(Throwable failure) {
                Status status = Status.fromThrowable(failure);
                events.add(status.getCode() + " " + status.getDescription());
            }

            @Override
            public void onCompleted() {
                events.add("completed");
            }
        };
    }

    /** Subscribes to a type, to all of it. */
    void send(String type) {
        if (full != null) {
            full.onNext(DiscoveryRequest.newBuilder().setTypeUrl(type).build());
        } else {
            send(DeltaDiscoveryRequest.newBuilder().setTypeUrl(type).build());
        }
    }

    void send(DeltaDiscoveryRequest request) {
        Objects.requireNonNull(delta).onNext(request);
    }

    /** The next response or the stream's end, as text. */
    String next() throws InterruptedException {
        return String.valueOf(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
