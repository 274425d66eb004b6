package dev.attache.agent.identity.ca;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The two messages of {@code istio.v1.auth.IstioCertificateService} ({@code
 * security/v1alpha1/ca.proto} of istio.io/api) and its method. Stateless; any thread.
 */
final class IstioCertificateMessages {

    private static final int CSR = 1;
    private static final int VALIDITY = 3;
    private static final int METADATA = 4;
    private static final int CHAIN = 1;
    private static final int MOST_BYTES = 4 << 20;

    /** {@code CreateCertificate}, one request and one answer. */
    static final MethodDescriptor<Request, List<String>> METHOD =
            MethodDescriptor.<Request, List<String>>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("istio.v1.auth.IstioCertificateService/CreateCertificate")
                    .setRequestMarshaller(new RequestMarshaller())
                    .setResponseMarshaller(new ChainMarshaller())
                    .build();

    private IstioCertificateMessages() {}

    /**
     * @param csr PEM
     * @param seconds how long the certificate is wanted for
     * @param signer which of the authority's signers is to do it; empty for the usual
     */
    record Request(String csr, long seconds, String signer) {}

    private static final class RequestMarshaller implements MethodDescriptor.Marshaller<Request> {

        @Override
        public InputStream stream(Request request) {
            Struct metadata =
                    Struct.newBuilder()
                            .putFields(
                                    "CertSigner",
                                    Value.newBuilder().setStringValue(request.signer).build())
                            .build();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                out.writeString(CSR, request.csr);
                out.writeInt64(VALIDITY, request.seconds);
                out.writeMessage(METADATA, metadata);
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory only
            }
            return new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public Request parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                String csr = "";
                long seconds = 0;
                Struct metadata = Struct.getDefaultInstance();
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    switch (WireFormat.getTagFieldNumber(tag)) {
                        case CSR -> csr = in.readStringRequireUtf8();
                        case VALIDITY -> seconds = in.readInt64();
                        case METADATA -> metadata = Struct.parseFrom(in.readByteArray());
                        default -> skip(in, tag);
                    }
                }
                Value signer =
                        metadata.getFieldsOrDefault("CertSigner", Value.getDefaultInstance());
                return new Request(csr, seconds, signer.getStringValue());
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }

    private static final class ChainMarshaller
            implements MethodDescriptor.Marshaller<List<String>> {

        @Override
        public InputStream stream(List<String> chain) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                for (String part : chain) {
                    out.writeString(CHAIN, part);
                }
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory only
            }
            return new ByteArrayInputStream(bytes.toByteArray());
        }

        @Override
        public List<String> parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                in.setSizeLimit(MOST_BYTES);
                List<String> chain = new ArrayList<>();
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (WireFormat.getTagFieldNumber(tag) == CHAIN) {
                        chain.add(in.readStringRequireUtf8());
                    } else {
                        skip(in, tag);
                    }
                }
                return chain;
            } catch (IOException e) {
                throw unreadable(e);
            }
        }
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new IOException("a group that ends before it began");
        }
    }

    private static RuntimeException unreadable(IOException e) {
        return Status.INTERNAL
                .withDescription("the certificate's message cannot be read: " + e.getMessage())
                .withCause(e)
                .asRuntimeException();
    }
}
