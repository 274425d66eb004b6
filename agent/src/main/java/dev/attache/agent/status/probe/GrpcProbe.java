package dev.attache.agent.status.probe;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
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
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code grpc}: asks {@code grpc.health.v1.Health}, in plain text as kubelet does.
 *
 * @param service may be empty, which is the server
 */
record GrpcProbe(ProbeTarget target, int port, String service, int seconds) implements Probe {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final int SERVING = 1;

    /** Field 1, a number. */
    private static final int STATUS_TAG = 1 << 3;

    private static final MethodDescriptor<byte[], byte[]> CHECK =
            MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("grpc.health.v1.Health/Check")
                    .setRequestMarshaller(new Bytes())
                    .setResponseMarshaller(new Bytes())
                    .build();

    @Override
    public void answer(StatusRequest request, StatusReply reply) {
        String agent = request.fields().text("User-Agent");
        ManagedChannel channel = channel(agent);
        try {
            byte[] answer =
                    ClientCalls.blockingUnaryCall(
                            channel,
                            CHECK,
                            CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS),
                            asked());
            reply.status(status(answer) == SERVING ? 200 : 500);
        } catch (StatusRuntimeException e) {
            LOG.error("{}: {}", words(e.getStatus().getCode()), e.getStatus());
            reply.status(500);
        } catch (IOException e) {
            LOG.error("grpc probe failed: {}", e.getMessage());
            reply.status(500);
        } finally {
            channel.shutdownNow();
        }
    }

    private ManagedChannel channel(String agent) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget("dns:///" + HttpCall.hostAndPort(target.host(), port))
                        .usePlaintext()
                        .proxyDetector(address -> null)
                        .localSocketPicker(new FromSource(target));
        return (agent.isEmpty() ? builder : builder.userAgent(agent)).build();
    }

    private static String words(Status.Code code) {
        return switch (code) {
            case UNIMPLEMENTED ->
                    "server does not implement the grpc health protocol (grpc.health.v1.Health)";
            case DEADLINE_EXCEEDED -> "grpc request not finished within timeout";
            case UNAVAILABLE -> "Failed to create grpc connection to probe app";
            default -> "grpc probe failed";
        };
    }

    private byte[] asked() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!service.isEmpty()) {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeString(1, service);
            out.flush();
        }
        return bytes.toByteArray();
    }

    private static int status(byte[] answer) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(answer);
        int status = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == STATUS_TAG) {
                status = in.readEnum();
            } else {
                in.skipField(tag);
            }
        }
        return status;
    }

    /** Has connections come from where interception passes them by. */
    private static final class FromSource extends NettyChannelBuilder.LocalSocketPicker {
        private final ProbeTarget target;

        FromSource(ProbeTarget target) {
            this.target = target;
        }

        @Override
        public java.net.@Nullable SocketAddress createSocketAddress(
                java.net.SocketAddress remote, io.grpc.Attributes attributes) {
            return new InetSocketAddress(target.source(), 0);
        }
    }

    /** Messages as they are on the wire. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
