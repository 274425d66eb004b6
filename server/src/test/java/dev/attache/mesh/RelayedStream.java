package dev.attache.mesh;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A proxy's stream to the socket of an agent. */
final class RelayedStream implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final ManagedChannel channel;
    private final StreamObserver<DiscoveryRequest> requests;

    RelayedStream(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .eventLoopGroup(loops)
                        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                        .withOption(io.netty.channel.ChannelOption.SO_KEEPALIVE, null)
                        .usePlaintext()
                        .overrideAuthority("xds")
                        .build();
        requests =
                AggregatedDiscoveryServiceGrpc.newStub(channel)
                        .withWaitForReady()
                        .streamAggregatedResources(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(DiscoveryResponse response) {
                                        events.add(
                                                response.getTypeUrl() + " " + response.getNonce());
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        Status status = Status.fromThrowable(failure);
                                        events.add(
                                                status.getCode() + " " + status.getDescription());
                                    }

                                    @Override
                                    public void onCompleted() {
                                        events.add("completed");
                                    }
                                });
    }

    void send(String type) {
        requests.onNext(DiscoveryRequest.newBuilder().setTypeUrl(type).build());
    }

    String next() throws InterruptedException {
        return String.valueOf(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
