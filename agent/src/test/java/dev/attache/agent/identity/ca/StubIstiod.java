package dev.attache.agent.identity.ca;

import dev.attache.agent.identity.ca.IstioCertificateMessages.Request;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** In istiod's place where it has to misbehave: answers requests to sign as it is told to. */
final class StubIstiod implements AutoCloseable {

    final List<Metadata> headers = new CopyOnWriteArrayList<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Server server;

    StubIstiod(BiConsumer<Request, StreamObserver<List<String>>> answer) throws IOException {
        ServerServiceDefinition service =
                ServerServiceDefinition.builder("istio.v1.auth.IstioCertificateService")
                        .addMethod(
                                IstioCertificateMessages.METHOD,
                                ServerCalls.asyncUnaryCall((request, observer) -> {
                                    requests.add(request);
                                    answer.accept(request, observer);
                                }))
                        .build();
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(service)
                        .intercept(new Recorder())
                        .build()
                        .start();
    }

    int port() {
        return server.getPort();
    }

    private final class Recorder implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
            headers.add(sent);
            return next.startCall(call, sent);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
