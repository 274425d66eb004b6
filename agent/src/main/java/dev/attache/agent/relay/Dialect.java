package dev.attache.agent.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.attache.agent.grpc.BytesMarshaller;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The two protocols of resources, by the numbers of the fields that matter here ({@code
 * envoy.service.discovery.v3}: DiscoveryRequest and DiscoveryResponse, DeltaDiscoveryRequest and
 * DeltaDiscoveryResponse). Stateless; any thread.
 */
enum Dialect {
    SOTW("StreamAggregatedResources", 4, 5, 6),
    DELTA("DeltaAggregatedResources", 2, 6, 7);

    static final String SERVICE = "envoy.service.discovery.v3.AggregatedDiscoveryService";

    /** {@code google.rpc.Code.INTERNAL}, which Istio's agent refuses with. */
    private static final int INTERNAL = 13;

    private static final int REQUEST_VERSION = 1;
    private static final int RESPONSE_RESOURCES = 2;
    private static final int RESPONSE_TYPE = 4;
    private static final int RESPONSE_NONCE = 5;
    private static final int RESOURCE_ANY = 2;

    private final int requestType;
    private final int requestNonce;
    private final int requestError;
    private final MethodDescriptor<byte[], byte[]> method;

    Dialect(String method, int requestType, int requestNonce, int requestError) {
        this.requestType = requestType;
        this.requestNonce = requestNonce;
        this.requestError = requestError;
        this.method =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, method))
                        .setRequestMarshaller(BytesMarshaller.INSTANCE)
                        .setResponseMarshaller(BytesMarshaller.INSTANCE)
                        .build();
    }

    MethodDescriptor<byte[], byte[]> method() {
        return method;
    }

    /**
     * The type that a request is about.
     *
     * @throws IOException if the bytes are no message
     */
    String typeOf(byte[] request) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(request);
        String type = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == requestType) {
                type = Envelope.text(in, tag);
            } else {
                Envelope.skip(in, tag);
            }
        }
        return type;
    }

    /**
     * What matters in a response; its resource is read where somebody takes it.
     *
     * @throws IOException if the bytes are no message
     */
    Envelope read(byte[] response) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(response);
        String type = "";
        String version = "";
        String nonce = "";
        ByteString first = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case REQUEST_VERSION -> version = Envelope.text(in, tag);
                case RESPONSE_TYPE -> type = Envelope.text(in, tag);
                case RESPONSE_NONCE -> nonce = Envelope.text(in, tag);
                case RESPONSE_RESOURCES -> {
                    if (first == null) {
                        first = Envelope.bytes(in, tag);
                    } else {
                        Envelope.skip(in, tag);
                    }
                }
                default -> Envelope.skip(in, tag);
            }
        }
        return new Envelope(type, this == SOTW ? version : "", nonce, first);
    }

    /**
     * A resource out of a response.
     *
     * @throws IOException if the bytes are no message
     */
    Envelope.Resource resource(ByteString first) throws IOException {
        return Envelope.Resource.read(this == SOTW ? first : anyOf(first));
    }

    private static ByteString anyOf(ByteString resource) throws IOException {
        CodedInputStream in = resource.newCodedInput();
        ByteString any = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == RESOURCE_ANY) {
                any = Envelope.bytes(in, tag);
            } else {
                Envelope.skip(in, tag);
            }
        }
        return any;
    }

    /** A request of the agent's own: the first for a type. */
    byte[] subscription(String type) {
        return request(type, "", "", null);
    }

    /** What the agent says to a response of a type of its own; an error refuses it. */
    byte[] answer(Envelope response, @Nullable String error) {
        return request(response.type(), response.version(), response.nonce(), error);
    }

    /** A report of health, which is a request with an error where the workload is not well. */
    byte[] health(String type, Health health) {
        return request(type, "", "", health.well() ? null : health.reason());
    }

    private byte[] request(String type, String version, String nonce, @Nullable String error) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            if (!version.isEmpty()) {
                out.writeString(REQUEST_VERSION, version);
            }
            out.writeString(requestType, type);
            if (!nonce.isEmpty()) {
                out.writeString(requestNonce, nonce);
            }
            if (error != null) {
                out.writeByteArray(requestError, status(error));
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** {@code google.rpc.Status}. */
    private static byte[] status(String message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeInt32(1, INTERNAL);
        out.writeString(2, message);
        out.flush();
        return bytes.toByteArray();
    }
}
