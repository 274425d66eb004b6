import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
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
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * A server or a client of proxyless gRPC, run as source on a class path of its own: {@code server
 * PORT}, {@code client TARGET…}; {@code caller TARGET FILE} calls until the file is there. The
 * server says who has called, by their certificate. The client's first target has to answer; of the
 * others it prints the code that a call fails with, and why.
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

    private static final Context.Key<String> CALLER = Context.key("caller");

    private ProxylessPeer() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("server")) {
            serve(Integer.parseInt(arguments[1]));
        } else if (arguments[0].equals("caller")) {
            callUntil(arguments[1], Path.of(arguments[2]));
        } else {
            System.out.println(call(arguments[1], CallOptions.DEFAULT.withWaitForReady()));
            for (int i = 2; i < arguments.length; i++) {
                System.out.println(arguments[i] + ": " + code(arguments[i]));
            }
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
                                                    answer.onNext(
                                                            "echo "
                                                                    + text
                                                                    + " from "
                                                                    + CALLER.get());
                                                    answer.onCompleted();
                                                }))
                                        .build())
                        .intercept(new Caller())
                        .build()
                        .start();
        System.out.println("serving");
        server.awaitTermination();
    }

    /** Finds out who calls. */
    private static final class Caller implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            Context context = Context.current().withValue(CALLER, name(session));
            return Contexts.interceptCall(context, call, headers, next);
        }

        /** The certificate's first alternative name. */
        private static String name(SSLSession session) {
            try {
                return session == null
                        ? "nobody"
                        : ((X509Certificate) session.getPeerCertificates()[0])
                                .getSubjectAlternativeNames()
                                .iterator()
                                .next()
                                .get(1)
                                .toString();
            } catch (CertificateParsingException | SSLPeerUnverifiedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String code(String target) {
        try {
            return call(target, CallOptions.DEFAULT);
        } catch (StatusRuntimeException e) {
            StringBuilder why = new StringBuilder(e.getStatus().getCode().name());
            for (Throwable each = e.getStatus().getCause(); each != null; each = each.getCause()) {
                why.append(": ").append(each.getMessage());
            }
            return why.toString();
        }
    }

    private static String call(String target, CallOptions options) {
        ManagedChannel channel = channel(target);
        try {
            return call(channel, options);
        } finally {
            channel.shutdownNow();
        }
    }

    private static ManagedChannel channel(String target) {
        return Grpc.newChannelBuilder(
                        target, XdsChannelCredentials.create(InsecureChannelCredentials.create()))
                .build();
    }

    private static String call(ManagedChannel channel, CallOptions options) {
        return ClientCalls.blockingUnaryCall(
                channel, SAY, options.withDeadlineAfter(30, TimeUnit.SECONDS), "hello");
    }

    /** One call after the other on one channel, each of which has to be answered. */
    private static void callUntil(String target, Path end) {
        ManagedChannel channel = channel(target);
        int calls = 0;
        do {
            String answer = call(channel, CallOptions.DEFAULT.withWaitForReady());
            if (calls++ == 0) {
                System.out.println(answer);
            }
        } while (!Files.exists(end));
        System.out.println("answered " + calls + " times");
        channel.shutdownNow();
    }
}
