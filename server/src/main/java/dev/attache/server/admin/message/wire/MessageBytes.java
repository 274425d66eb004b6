package dev.attache.server.admin.message.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message by its bytes, which may be part of another one's. What is read of it is what protobuf
 * would read; what is behind a place that cannot be read is taken for absent.
 *
 * @param bytes nobody changes them
 */
public record MessageBytes(MessageType type, byte[] bytes, int from, int to) {

    public static MessageBytes of(Message message) {
        return of(ApiTable.of(message), message.toByteArray());
    }

    public static MessageBytes of(MessageType type, byte[] bytes) {
        return new MessageBytes(type, bytes, 0, bytes.length);
    }

    public ByteString octets() {
        return ByteString.copyFrom(bytes, from, to - from);
    }

    /** What is set, in the order of the fields' numbers; a repeated field's values one by one. */
    public List<WireField> fields() {
        return WireFields.read(type, bytes, from, to);
    }

    /** A field that is not repeated; null where it is not set. */
    public @Nullable WireField field(int number) {
        for (WireField field : fields()) {
            if (field.number() == number) {
                return field;
            }
        }
        return null;
    }
}
