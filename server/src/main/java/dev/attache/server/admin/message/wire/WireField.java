package dev.attache.server.admin.message.wire;

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
public record WireField(FieldType field, byte[] bytes, int from, int to, boolean isPacked) {
    private static final byte[] NOTHING = {};

    /** A field without a value. */
    public static WireField unset(FieldType field) {
        return new WireField(field, NOTHING, 0, 0, false);
    }

    public boolean isUnset() {
        return bytes == NOTHING;
    }

    public int number() {
        return field.number();
    }

    public boolean isLengthDelimited() {
        return isPacked || field.kind().wireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** The value of a message. */
    public MessageBytes message() {
        return message(field.message());
    }

    public MessageBytes message(MessageType type) {
        return new MessageBytes(type, bytes, from, to);
    }

    public CodedInputStream open() {
        return CodedInputStream.newInstance(bytes, from, to - from);
    }

    public ByteString octets() {
        return ByteString.copyFrom(bytes, from, to - from);
    }

    /** Of a string. */
    public String text() {
        return octets().toStringUtf8();
    }

    /** Whether it is what a field without presence has that is not set. */
    public boolean isZero() {
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
