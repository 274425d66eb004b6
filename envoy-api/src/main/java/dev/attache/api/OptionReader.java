package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Options of descriptors by their numbers, wherever the class of the extension comes from: jars
 * hold protoc-gen-validate under several names.
 */
final class OptionReader {
    /** {@code validate.rules} of a field, {@code validate.required} of a oneof. */
    static final int VALIDATE = 1071;

    /** {@code validate.disabled} of a message. */
    static final int DISABLED = 1071;

    /** {@code validate.ignored} of a message. */
    static final int IGNORED = 1072;

    /** {@code envoy.annotations.disallowed_by_default}. */
    static final int DISALLOWED = 189503207;

    /** {@code envoy.annotations.disallowed_by_default_enum}. */
    static final int DISALLOWED_VALUE = 70100853;

    /** {@code udpa.annotations.sensitive}; {@code xds.annotations.v3.sensitive} is another. */
    static final int SENSITIVE = 76569463;

    private OptionReader() {}

    static boolean flag(MessageLite options, int number) {
        return find(options, number) instanceof Long value && value != 0;
    }

    static @Nullable ByteString bytes(MessageLite options, int number) {
        return find(options, number) instanceof ByteString bytes ? bytes : null;
    }

    private static @Nullable Object find(MessageLite options, int number) {
        try {
            CodedInputStream in = options.toByteString().newCodedInput();
            Object found = null;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) != number) {
                    in.skipField(tag);
                } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                    found = in.readRawVarint64();
                } else {
                    found = in.readBytes();
                }
            }
            return found;
        } catch (IOException e) {
            throw new IllegalArgumentException("options: " + e.getMessage(), e);
        }
    }
}
