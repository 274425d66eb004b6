package dev.attache.config.listener;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the content of a message so that it is the same for messages that differ only in the order
 * of what has none: fields, entries of maps, and lists where that is wanted. What it writes is to
 * be compared, not to be read: messages end with a zero instead of telling their length. Pure.
 */
final class ContentOrder {
    /** Lists keep their order. */
    static final ContentOrder OF_MAPS = new ContentOrder(false);

    /** Lists have none. */
    static final ContentOrder OF_LISTS = new ContentOrder(true);

    private static final String ANY = "google.protobuf.Any";
    private static final int TYPE_URL = 1;
    private static final int VALUE = 2;
    private static final int MESSAGE_END = 0;

    /** Far above what protobuf reads in one message; Anys within Anys add to it. */
    private static final int MAX_DEPTH = 250;

    private final boolean lists;

    /** One value of a field, or several packed ones: where its tag begins, and where the value. */
    private record Stretch(int tag, int start, int from, int to) {
        int number() {
            return WireFormat.getTagFieldNumber(tag);
        }

        boolean isLengthDelimited() {
            return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        }
    }

    private ContentOrder(boolean lists) {
        this.lists = lists;
    }

    /** The content of a message. */
    byte[] of(MessageType type, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        message(type, bytes, 0, bytes.length, 0, out);
        return out.toByteArray();
    }

    private void message(
            MessageType type,
            byte[] bytes,
            int from,
            int to,
            int depth,
            ByteArrayOutputStream out) {
        List<Stretch> fields = depth > MAX_DEPTH ? null : stretches(bytes, from, to);
        if (fields == null) {
            // Not to be read as the message that it should be: equal where its bytes are.
            out.write(bytes, from, to - from);
            return;
        }
        MessageType content = type.fullName().equals(ANY) ? content(bytes, fields) : null;
        int next;
        for (int at = 0; at < fields.size(); at = next) {
            FieldType field = type.field(fields.get(at).number());
            next = end(fields, at);
            if (content != null && fields.get(at).number() == VALUE) {
                Stretch value = fields.get(next - 1);
                message(content, bytes, value.from, value.to, depth + 1, out);
                out.write(MESSAGE_END);
            } else if (field != null && (field.isMap() || lists && field.isRepeated())) {
                unordered(field, bytes, fields.subList(at, next), depth, out);
            } else {
                for (Stretch value : fields.subList(at, next)) {
                    value(field, bytes, value, depth, out);
                }
            }
        }
    }

    private void value(
            @Nullable FieldType field,
            byte[] bytes,
            Stretch value,
            int depth,
            ByteArrayOutputStream out) {
        boolean message = field != null && field.kind() == FieldType.Kind.MESSAGE;
        if (field == null || !message || !value.isLengthDelimited()) {
            out.write(bytes, value.start, value.to - value.start);
            return;
        }
        out.write(bytes, value.start, tagLength(bytes, value.start));
        message(field.message(), bytes, value.from, value.to, depth + 1, out);
        out.write(MESSAGE_END);
    }

    private static int tagLength(byte[] bytes, int start) {
        int length = 1;
        while (bytes[start + length - 1] < 0) {
            length++;
        }
        return length;
    }

    /** In the order of their own bytes. */
    private void unordered(
            FieldType field,
            byte[] bytes,
            List<Stretch> values,
            int depth,
            ByteArrayOutputStream out) {
        List<byte[]> each = new ArrayList<>(values.size());
        for (Stretch value : values) {
            if (field.kind().isPackable() && value.isLengthDelimited()) {
                unpack(field, bytes, value, each);
            } else {
                ByteArrayOutputStream one = new ByteArrayOutputStream();
                value(field, bytes, value, depth, one);
                each.add(one.toByteArray());
            }
        }
        each.sort(Arrays::compareUnsigned);
        each.forEach(out::writeBytes);
    }

    private static void unpack(FieldType field, byte[] bytes, Stretch packed, List<byte[]> each) {
        int tag = WireFormat.getTagFieldNumber(packed.tag) << 3 | field.kind().wireType();
        CodedInputStream in =
                CodedInputStream.newInstance(bytes, packed.from, packed.to - packed.from);
        try {
            while (!in.isAtEnd()) {
                int start = packed.from + in.getTotalBytesRead();
                in.skipField(tag);
                each.add(Arrays.copyOfRange(bytes, start, packed.from + in.getTotalBytesRead()));
            }
        } catch (IOException e) {
            throw new IllegalStateException(field + " was read before", e);
        }
    }

    /** What an Any holds; null where nobody knows, and its bytes stand for it. */
    private static @Nullable MessageType content(byte[] bytes, List<Stretch> any) {
        String url = "";
        for (Stretch field : any) {
            if (field.number() == TYPE_URL) {
                url = ByteString.copyFrom(bytes, field.from, field.to - field.from).toStringUtf8();
            }
        }
        return ApiTable.message(url.substring(url.lastIndexOf('/') + 1));
    }

    private static int end(List<Stretch> fields, int from) {
        int end = from + 1;
        while (end < fields.size() && fields.get(end).number() == fields.get(from).number()) {
            end++;
        }
        return end;
    }

    /** In the order of their numbers; null where the bytes are no message. */
    private static @Nullable List<Stretch> stretches(byte[] bytes, int from, int to) {
        List<Stretch> fields = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(bytes, from, to - from);
        boolean ordered = true;
        int last = 0;
        try {
            int start = from;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int value = from + in.getTotalBytesRead();
                if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int length = in.readRawVarint32();
                    value = from + in.getTotalBytesRead();
                    in.skipRawBytes(length);
                } else {
                    in.skipField(tag);
                }
                fields.add(new Stretch(tag, start, value, from + in.getTotalBytesRead()));
                ordered &= last <= WireFormat.getTagFieldNumber(tag);
                last = WireFormat.getTagFieldNumber(tag);
                start = from + in.getTotalBytesRead();
            }
        } catch (IOException e) {
            return null;
        }
        if (!ordered) {
            fields.sort(Comparator.comparingInt(Stretch::number));
        }
        return fields;
    }
}
