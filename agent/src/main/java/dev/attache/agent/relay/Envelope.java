package dev.attache.agent.relay;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the relay looks at in a response. Immutable.
 *
 * @param version empty in the incremental protocol, where an answer repeats none
 * @param first the first resource as it came, or null where the response has none
 */
record Envelope(String type, String version, String nonce, @Nullable ByteString first) {

    /** An {@code Any}. */
    record Resource(String type, byte[] value) {

        static Resource read(ByteString any) throws IOException {
            CodedInputStream in = any.newCodedInput();
            String type = "";
            byte[] value = {};
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> type = text(in, tag);
                    case 2 -> value = bytes(in, tag).toByteArray();
                    default -> skip(in, tag);
                }
            }
            return new Resource(type, value);
        }
    }

    static String text(CodedInputStream in, int tag) throws IOException {
        return bytes(in, tag).toStringUtf8();
    }

    static ByteString bytes(CodedInputStream in, int tag) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw new InvalidProtocolBufferException(
                    "field " + WireFormat.getTagFieldNumber(tag) + " has another wire type");
        }
        return in.readBytes();
    }

    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that did not begin");
        }
    }
}
