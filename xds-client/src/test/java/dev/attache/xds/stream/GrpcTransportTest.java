package dev.attache.xds.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.xds.MainLoopThread;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one attempt at a stream finds out, over real sockets. */
class GrpcTransportTest {

    private final MainLoopThread loop = new MainLoopThread("transport-test");
    private final GrpcThreads threads = new GrpcThreads();
    private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private final List<String> traffic = new CopyOnWriteArrayList<>();
    private Server server;

    @AfterEach
    void close() throws Exception {
        stop();
        threads.close();
        loop.close();
    }

    /** However often it failed before: the first attempt after the server is back succeeds. */
    @Test
    void everyAttemptIsOneOfAConnection() throws Exception {
        serve();
        GrpcTransport transport = new GrpcTransport(loop, threads, target());
        assertThat(attempt(transport)).isEqualTo("ready");
        stop();
        // The end of the old connection may be read after the next attempt has begun.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (attempt(transport).equals("ready")) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
        assertThat(attempt(transport)).isEqualTo("UNAVAILABLE");
        serve();
        assertThat(attempt(transport)).isEqualTo("ready");
        transport.close();
    }

    /** A path that is announced is not a socket, and one of another spelling is the same. */
    @Test
    void aServiceOfThisProcessBehindAPath() throws Exception {
        SocketAddress socket = new DomainSocketAddress("./no/such/socket");
        LocalServices local = new LocalServices(Map.of("no/such/socket", "the-service"));
        GrpcTransport transport = new GrpcTransport(loop, threads, target(socket), local);
        assertThat(attempt(transport)).isEqualTo("UNAVAILABLE");
        server =
                InProcessServerBuilder.forName("the-service")
                        .addService(new Silent())
                        .build()
                        .start();
        assertThat(attempt(transport)).isEqualTo("ready");
        assertThat(traffic)
                .containsExactly(
                        "connecting",
                        "connectFailed",
                        "closed 14",
                        "ended",
                        "connecting",
                        "connected");
        traffic.clear();
        stop();
        await(() -> traffic.contains("lost true"));
        assertThat(traffic).containsExactly("closed 14", "ended", "lost true");
        transport.close();
    }

    @Test
    void whatIsNotAnnouncedIsASocket() throws Exception {
        SocketAddress socket = new DomainSocketAddress("no/such/socket");
        LocalServices local = new LocalServices(Map.of("another", "the-service"));
        GrpcTransport transport = new GrpcTransport(loop, threads, target(socket), local);
        assertThat(attempt(transport)).isEqualTo("UNAVAILABLE");
        assertThat(traffic).containsSequence("connecting", "connectFailed");
        transport.close();
    }

    private static void await(BooleanSupplier until) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!until.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(until.getAsBoolean()).isTrue();
    }

    /** Opens a stream and says what its first event was: "ready" or the status it ended with. */
    private String attempt(GrpcTransport transport) throws InterruptedException {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        loop.execute(() ->
                transport.open(
                        AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod(),
                        new StreamListener<DiscoveryResponse>() {
                            @Override
                            public void onReady() {
                                events.add("ready");
                            }

                            @Override
                            public void onMessage(DiscoveryResponse message) {
                                events.add("message");
                            }

                            @Override
                            public void onClosed(Status status) {
                                events.add(status.getCode().name());
                            }
                        }));
        return String.valueOf(events.poll(20, TimeUnit.SECONDS));
    }

    private GrpcTarget target() {
        return target(null);
    }

    private GrpcTarget target(SocketAddress fixed) {
        return new GrpcTarget() {
            @Override
            public TransportEvents events() {
                return new Recording();
            }

            @Override
            public String name() {
                return "xds";
            }

            @Override
            public SocketAddress nextAddress() {
                return fixed == null ? address : fixed;
            }

            @Override
            public ConnectionSecurity security() {
                return null;
            }

            @Override
            public String authority() {
                return "xds";
            }
        };
    }

    private void serve() throws Exception {
        server = NettyServerBuilder.forAddress(address).addService(new Silent()).build().start();
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    }

    private void stop() throws InterruptedException {
        if (server != null) {
            server.shutdownNow();
            assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Writes down what a transport counts. */
    private final class Recording implements TransportEvents {
        @Override
        public void connecting() {
            traffic.add("connecting");
        }

        @Override
        public void connected(long tookMillis) {
            traffic.add("connected");
        }

        @Override
        public void connectFailed() {
            traffic.add("connectFailed");
        }

        @Override
        public void streamClosed(int code) {
            traffic.add("closed " + code);
        }

        @Override
        public void streamEnded() {
            traffic.add("ended");
        }

        @Override
        public void closed(boolean byPeer, long livedMillis) {
            traffic.add("lost " + byPeer);
        }
    }

    /** Takes every stream and never answers. */
    private static final class Silent
            extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
        @Override
        public StreamObserver<DiscoveryRequest> streamAggregatedResources(
                StreamObserver<DiscoveryResponse> responses) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DiscoveryRequest request) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }
    }
}
