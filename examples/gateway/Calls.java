import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The gRPC services behind the gateway, run as source with a port: external authorization, an
 * external processor, and every other method, which answers with its own name. Messages are read by
 * the numbers of their fields, so no generated class is needed.
 */
public final class Calls extends HandlerRegistry {

    private static final MethodDescriptor.Marshaller<UnknownFieldSet> ANY =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(UnknownFieldSet value) {
                    return new ByteArrayInputStream(value.toByteArray());
                }

                @Override
                public UnknownFieldSet parse(InputStream stream) {
                    try {
                        return UnknownFieldSet.parseFrom(stream);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    private Calls() {}

    public static void main(String[] arguments) throws Exception {
        Grpc.newServerBuilderForPort(
                        Integer.parseInt(arguments[0]), InsecureServerCredentials.create())
                .fallbackHandlerRegistry(new Calls())
                .build()
                .start()
                .awaitTermination();
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
        MethodDescriptor<UnknownFieldSet, UnknownFieldSet> method =
                MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName(name)
                        .setRequestMarshaller(ANY)
                        .setResponseMarshaller(ANY)
                        .build();
        return ServerMethodDefinition.create(
                method,
                (call, headers) -> {
                    call.sendHeaders(new Metadata());
                    call.request(1);
                    return new Answers(name, call);
                });
    }

    /**
     * Each message of a call is answered with one; the processor's goes on until the client ends
     * it.
     */
    private static final class Answers extends ServerCall.Listener<UnknownFieldSet> {

        private final String name;
        private final ServerCall<UnknownFieldSet, UnknownFieldSet> call;

        Answers(String name, ServerCall<UnknownFieldSet, UnknownFieldSet> call) {
            this.name = name;
            this.call = call;
        }

        @Override
        public void onMessage(UnknownFieldSet asked) {
            call.sendMessage(answer(asked));
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            call.close(Status.OK, new Metadata());
        }

        private UnknownFieldSet answer(UnknownFieldSet asked) {
            if (name.endsWith("Authorization/Check")) {
                return allowed(asked);
            }
            return name.endsWith("ExternalProcessor/Process") ? processed(asked) : message(1, name);
        }
    }

    /** {@code CheckResponse}: whoever sends x-user is let in. */
    private static UnknownFieldSet allowed(UnknownFieldSet asked) {
        UnknownFieldSet http = within(within(within(asked, 1), 4), 2);
        for (ByteString entry : http.getField(3).getLengthDelimitedList()) {
            UnknownFieldSet header = parsed(entry);
            if (text(header, 1).equals("x-user")) {
                return join(
                        message(1, number(1, 0)),
                        message(3, option("x-allowed", text(header, 2), 2, 2)));
            }
        }
        UnknownFieldSet denied =
                join(
                        message(1, number(1, 403)),
                        option("x-denied", "nobody", 2, 2),
                        message(3, "who are you?\n"));
        return join(message(1, number(1, 7)), message(2, denied));
    }

    /** {@code ProcessingResponse}: headers get one more, a body is told as it is. */
    private static UnknownFieldSet processed(UnknownFieldSet asked) {
        if (asked.hasField(2)) {
            return message(1, message(1, message(2, option("x-processed", "request", 1, 3))));
        }
        if (asked.hasField(3)) {
            return message(2, message(1, message(2, option("x-processed", "response", 1, 3))));
        }
        return asked.hasField(4)
                ? message(3, UnknownFieldSet.getDefaultInstance())
                : message(4, UnknownFieldSet.getDefaultInstance());
    }

    /**
     * A {@code HeaderValueOption} as field {@code in}, whose value is field {@code as} of {@code
     * HeaderValue}.
     */
    private static UnknownFieldSet option(String name, String value, int in, int as) {
        return message(in, message(1, join(message(1, name), message(as, value))));
    }

    private static UnknownFieldSet within(UnknownFieldSet of, int field) {
        List<ByteString> values = of.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? UnknownFieldSet.getDefaultInstance() : parsed(values.getLast());
    }

    private static String text(UnknownFieldSet of, int field) {
        List<ByteString> values = of.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : values.getLast().toStringUtf8();
    }

    private static UnknownFieldSet parsed(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UnknownFieldSet message(int field, UnknownFieldSet value) {
        return message(field, value.toByteString());
    }

    private static UnknownFieldSet message(int field, String value) {
        return message(field, ByteString.copyFromUtf8(value));
    }

    private static UnknownFieldSet message(int field, ByteString value) {
        return UnknownFieldSet.newBuilder()
                .addField(field, Field.newBuilder().addLengthDelimited(value).build())
                .build();
    }

    private static UnknownFieldSet number(int field, long value) {
        return UnknownFieldSet.newBuilder()
                .addField(field, Field.newBuilder().addVarint(value).build())
                .build();
    }

    private static UnknownFieldSet join(UnknownFieldSet... parts) {
        UnknownFieldSet.Builder all = UnknownFieldSet.newBuilder();
        for (UnknownFieldSet part : parts) {
            all.mergeFrom(part);
        }
        return all.build();
    }
}
