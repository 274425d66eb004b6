package dev.attache.xds.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.xds.MainLoopThread;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one attempt at a stream finds out, over real sockets. */
class GrpcTransportTest {

    private final MainLoopThread loop = new MainLoopThread("transport-test");
    private final GrpcThreads threads = new GrpcThreads();
    private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
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
        assertThat(attempt(transport)).isEqualTo("UNAVAILABLE");
        assertThat(attempt(transport)).isEqualTo("UNAVAILABLE");
        serve();
        assertThat(attempt(transport)).isEqualTo("ready");
        transport.close();
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
        return new GrpcTarget() {
            @Override
            public String name() {
                return "xds";
            }

            @Override
            public SocketAddress nextAddress() {
                return address;
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
