import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.xds.XdsChannelCredentials;
import io.grpc.xds.XdsServerBuilder;
import io.grpc.xds.XdsServerCredentials;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A server or a client of proxyless gRPC, run as source on a class path of its own: {@code server
 * PORT}, {@code client TARGET}; {@code caller TARGET FILE} calls until the file is there.
 */
public final class ProxylessPeer {

    private static final MethodDescriptor.Marshaller<String> TEXT =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(String value) {
                    return new ByteArrayInputStream(value.getBytes());
                }

                @Override
                public String parse(InputStream stream) {
                    try {
                        return new String(stream.readAllBytes());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private static final MethodDescriptor<String, String> SAY =
            MethodDescriptor.<String, String>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("test.Echo/Say")
                    .setRequestMarshaller(TEXT)
                    .setResponseMarshaller(TEXT)
                    .build();

    private ProxylessPeer() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("server")) {
            serve(Integer.parseInt(arguments[1]));
        } else if (arguments[0].equals("caller")) {
            callUntil(arguments[1], Path.of(arguments[2]));
        } else {
            call(arguments[1]);
        }
    }

    private static void serve(int port) throws Exception {
        Server server =
                XdsServerBuilder.forPort(
                                port,
                                XdsServerCredentials.create(InsecureServerCredentials.create()))
                        .addService(
                                ServerServiceDefinition.builder("test.Echo")
                                        .addMethod(
                                                SAY,
                                                ServerCalls.asyncUnaryCall((text, answer) -> {
                                                    answer.onNext("echo " + text);
                                                    answer.onCompleted();
                                                }))
                                        .build())
                        .build()
                        .start();
        System.out.println("serving");
        server.awaitTermination();
    }

    private static void call(String target) {
        ManagedChannel channel =
                Grpc.newChannelBuilder(
                                target,
                                XdsChannelCredentials.create(InsecureChannelCredentials.create()))
                        .build();
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS).withWaitForReady();
        System.out.println(ClientCalls.blockingUnaryCall(channel, SAY, options, "hello"));
        channel.shutdownNow();
    }

    /** One call after the other on one channel, each of which has to be answered. */
    private static void callUntil(String target, Path end) {
        ManagedChannel channel =
                Grpc.newChannelBuilder(
                                target,
                                XdsChannelCredentials.create(InsecureChannelCredentials.create()))
                        .build();
        int calls = 0;
        do {
            CallOptions options =
                    CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS).withWaitForReady();
            String answer = ClientCalls.blockingUnaryCall(channel, SAY, options, "hello");
            if (calls++ == 0) {
                System.out.println(answer);
            }
        } while (!Files.exists(end));
        System.out.println("answered " + calls + " times");
        channel.shutdownNow();
    }
}
