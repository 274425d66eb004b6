package dev.attache.agent.health;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.attache.agent.http.HttpCall;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * {@code grpc}: asks {@code grpc.health.v1.Health/Check}, in plain text.
 *
 * @param service empty for the server as a whole
 */
record GrpcProbe(String host, int port, String service) implements Probe {
    private static final int SERVING = 1;
    private static final int STATUS_TAG = 1 << 3;

    private static final MethodDescriptor<String, Integer> CHECK =
            MethodDescriptor.<String, Integer>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("grpc.health.v1.Health/Check")
                    .setRequestMarshaller(new Request())
                    .setResponseMarshaller(new Response())
                    .build();

    @Override
    public void ask(Duration limit) throws UnwellException {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget("dns:///" + HttpCall.hostAndPort(host, port))
                        .usePlaintext()
                        .userAgent(HttpProbe.AGENT)
                        .build();
        try {
            CallOptions options =
                    CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
            int status = ClientCalls.blockingUnaryCall(channel, CHECK, options, service);
            if (status != SERVING) {
                throw new UnwellException("the service says that it is not serving: " + status);
            }
        } catch (StatusRuntimeException e) {
            throw new UnwellException(words(e.getStatus(), limit));
        } finally {
            channel.shutdownNow();
        }
    }

    private String words(Status status, Duration limit) {
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                    "service on port "
                            + port
                            + " doesn't implement the grpc health protocol grpc.health.v1.Health: "
                            + status.getDescription();
            case DEADLINE_EXCEEDED -> "health rpc probe timed out after " + limit.toSeconds() + "s";
            case UNAVAILABLE ->
                    "failed to connect health check grpc service on port "
                            + port
                            + ": "
                            + status.getDescription();
            default ->
                    "health rpc probe failed with status "
                            + status.getCode()
                            + ": "
                            + status.getDescription();
        };
    }

    /** {@code HealthCheckRequest}: field 1 is the service. */
    private static final class Request implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                if (!service.isEmpty()) {
                    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                    out.writeString(1, service);
                    out.flush();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory does not fail
            }
            return new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public String parse(InputStream stream) {
            throw new UnsupportedOperationException("a client reads no requests");
        }
    }

    /** {@code HealthCheckResponse}: field 1 is the status, a number. */
    private static final class Response implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer status) {
            throw new UnsupportedOperationException("a client writes no responses");
        }

        @Override
        public Integer parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                int status = 0;
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag == STATUS_TAG) {
                        status = in.readEnum();
                    } else {
                        in.skipField(tag);
                    }
                }
                return status;
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("no answer of a health service: " + e.getMessage())
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }
}
