package dev.attache.server.admin.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;

/**
 * One value of a field as its bytes have it, or several in one piece where they are packed.
 *
 * @param bytes nobody changes them
 * @param from where the value begins, behind tag and length
 * @param to where it ends
 */
record WireField(FieldType field, byte[] bytes, int from, int to, boolean isPacked) {
    private static final byte[] NOTHING = {};

    /** A field without a value. */
    static WireField unset(FieldType field) {
        return new WireField(field, NOTHING, 0, 0, false);
    }

    boolean isUnset() {
        return bytes == NOTHING;
    }

    int number() {
        return field.number();
    }

    boolean isLengthDelimited() {
        return isPacked || field.kind().wireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** The value of a message. */
    MessageBytes message() {
        return message(field.message());
    }

    MessageBytes message(MessageType type) {
        return new MessageBytes(type, bytes, from, to);
    }

    CodedInputStream open() {
        return CodedInputStream.newInstance(bytes, from, to - from);
    }

    ByteString octets() {
        return ByteString.copyFrom(bytes, from, to - from);
    }

    /** Of a string. */
    String text() {
        return octets().toStringUtf8();
    }

    /** Whether it is what a field without presence has that is not set. */
    boolean isZero() {
        if (isLengthDelimited()) {
            return from == to;
        }
        int bits = field.kind().wireType() == WireFormat.WIRETYPE_VARINT ? 0x7f : 0xff;
        for (int i = from; i < to; i++) {
            if ((bytes[i] & bits) != 0) {
                return false;
            }
        }
        return true;
    }
}
