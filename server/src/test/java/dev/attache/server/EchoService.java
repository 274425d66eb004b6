package dev.attache.server;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gRPC service that sends texts back, one by one or in a stream, and a client of it. */
final class EchoService implements AutoCloseable {

    private static final MethodDescriptor<String, String> UNARY =
            method("unary", MethodDescriptor.MethodType.UNARY);
    private static final MethodDescriptor<String, String> STREAM =
            method("stream", MethodDescriptor.MethodType.BIDI_STREAMING);

    private final Server server;

    EchoService() throws IOException {
        ServerServiceDefinition service =
                ServerServiceDefinition.builder("echo")
                        .addMethod(
                                UNARY,
                                ServerCalls.asyncUnaryCall((text, answer) -> {
                                    answer.onNext(text);
                                    answer.onCompleted();
                                }))
                        .addMethod(STREAM, ServerCalls.asyncBidiStreamingCall(EchoService::reflect))
                        .build();
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(service)
                        .build()
                        .start();
    }

    private static StreamObserver<String> reflect(StreamObserver<String> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(String text) {
                answers.onNext(text);
            }

            @Override
            public void onError(Throwable why) {
                // The client has gone; there is nobody to answer.
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    private static MethodDescriptor<String, String> method(
            String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName("echo/" + name)
                .setRequestMarshaller(new Texts())
                .setResponseMarshaller(new Texts())
                .build();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static final class Texts implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** One channel, which connects again when it is told to leave. */
    static final class Client implements AutoCloseable {
        private final ManagedChannel channel;

        Client(int port) {
            channel =
                    NettyChannelBuilder.forAddress(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .usePlaintext()
                            .build();
        }

        /**
         * @throws io.grpc.StatusRuntimeException where the call fails
         */
        String unary(String text) {
            return ClientCalls.blockingUnaryCall(
                    channel,
                    UNARY,
                    CallOptions.DEFAULT.withDeadlineAfter(15, TimeUnit.SECONDS),
                    text);
        }

        Stream stream() {
            return new Stream(channel);
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    /** A stream in both directions, a text at a time. */
    static final class Stream extends io.grpc.ClientCall.Listener<String> implements AutoCloseable {
        private final BlockingQueue<String> got = new LinkedBlockingQueue<>();
        private final io.grpc.ClientCall<String, String> call;

        private Stream(ManagedChannel channel) {
            call =
                    channel.newCall(
                            STREAM, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
            call.start(this, new Metadata());
        }

        String exchange(String text) throws InterruptedException {
            call.sendMessage(text);
            call.request(1);
            return String.valueOf(got.poll(15, TimeUnit.SECONDS));
        }

        /** Ends it and returns the status's name. */
        String finish() throws InterruptedException {
            call.halfClose();
            return String.valueOf(got.poll(15, TimeUnit.SECONDS));
        }

        @Override
        public void onMessage(String text) {
            got.add(text);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            got.add(status.getCode().name());
        }

        @Override
        public void close() {
            call.cancel("the test is over", null);
        }
    }
}
