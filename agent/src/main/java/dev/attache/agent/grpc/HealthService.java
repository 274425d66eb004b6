package dev.attache.agent.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The client's side of {@code grpc.health.v1.Health}, as kubelet asks it. Any thread; blocks. */
public final class HealthService {

    /** The status that says yes; others are those of {@code HealthCheckResponse.ServingStatus}. */
    public static final int SERVING = 1;

    /** Field 1 of {@code HealthCheckResponse}, a number. */
    private static final int STATUS_TAG = 1 << 3;

    private static final MethodDescriptor<byte[], byte[]> CHECK =
            MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("grpc.health.v1.Health/Check")
                    .setRequestMarshaller(BytesMarshaller.INSTANCE)
                    .setResponseMarshaller(BytesMarshaller.INSTANCE)
                    .build();

    private HealthService() {}

    /**
     * Asks for the status of a service.
     *
     * @param service empty for the server as a whole
     * @throws io.grpc.StatusRuntimeException if there is no answer, or none that can be read
     */
    public static int check(Channel channel, String service, Duration limit) {
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
        return status(ClientCalls.blockingUnaryCall(channel, CHECK, options, request(service)));
    }

    private static byte[] request(String service) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!service.isEmpty()) {
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                out.writeString(1, service);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("memory does not fail", e);
            }
        }
        return bytes.toByteArray();
    }

    private static int status(byte[] response) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(response);
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
