package dev.attache.mesh;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A stream on the socket of an agent's secrets, as a proxy's for its certificate. Any thread. */
final class SecretSubscription implements AutoCloseable, StreamObserver<DiscoveryResponse> {

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Set<String> chains = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> end = new AtomicReference<>("");
    private final ManagedChannel channel;
    private final StreamObserver<DiscoveryRequest> requests;

    SecretSubscription(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .eventLoopGroup(loops)
                        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                        .withOption(io.netty.channel.ChannelOption.SO_KEEPALIVE, null)
                        .usePlaintext()
                        .overrideAuthority("sds")
                        .build();
        requests =
                SecretDiscoveryServiceGrpc.newStub(channel).withWaitForReady().streamSecrets(this);
        requests.onNext(request("", ""));
    }

    private static DiscoveryRequest request(String version, String nonce) {
        return DiscoveryRequest.newBuilder()
                .setTypeUrl("type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret")
                .addResourceNames("default")
                .setVersionInfo(version)
                .setResponseNonce(nonce)
                .build();
    }

    @Override
    public void onNext(DiscoveryResponse response) {
        try {
            Secret secret = Secret.parseFrom(response.getResources(0).getValue());
            chains.add(
                    secret.getTlsCertificate()
                            .getCertificateChain()
                            .getInlineBytes()
                            .toStringUtf8());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
        requests.onNext(request(response.getVersionInfo(), response.getNonce()));
    }

    @Override
    public void onError(Throwable failure) {
        end.compareAndSet("", String.valueOf(Status.fromThrowable(failure)));
    }

    @Override
    public void onCompleted() {
        end.compareAndSet("", "completed");
    }

    /** How many certificates have come. */
    int certificates() {
        return chains.size();
    }

    /** How the stream has ended; empty while it has not. */
    String end() {
        return end.get();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
