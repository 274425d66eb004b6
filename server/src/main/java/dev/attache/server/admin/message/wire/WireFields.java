package dev.attache.server.admin.message.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of one message, and leaves what protobuf would: of a single value that is there
 * twice the last, of a oneof the field that came last, and messages merged. Used once.
 */
public final class WireFields {
    private final MessageType type;
    private final byte[] bytes;
    private List<WireField> found = new ArrayList<>();

    /** Where in {@code found} the field begins that is set in a oneof. */
    private @Nullable Map<OneofType, Integer> oneofs;

    private boolean replaced;
    private boolean ordered = true;
    private boolean doubled;

    private WireFields(MessageType type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    public static List<WireField> read(MessageType type, byte[] bytes, int from, int to) {
        WireFields fields = new WireFields(type, bytes);
        fields.scan(from, to);
        fields.settle();
        return fields.found;
    }

    private void scan(int from, int to) {
        CodedInputStream in = CodedInputStream.newInstance(bytes, from, to - from);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                FieldType field = type.field(WireFormat.getTagFieldNumber(tag));
                int wireType = WireFormat.getTagWireType(tag);
                boolean whole = field != null && wireType == field.kind().wireType();
                if (field == null || !whole && !isPacked(field, wireType)) {
                    in.skipField(tag);
                    continue;
                }
                if (wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    int length = in.readRawVarint32();
                    int at = from + in.getTotalBytesRead();
                    in.skipRawBytes(length);
                    add(new WireField(field, bytes, at, at + length, !whole));
                } else {
                    int at = from + in.getTotalBytesRead();
                    in.skipField(tag);
                    add(new WireField(field, bytes, at, from + in.getTotalBytesRead(), false));
                }
            }
        } catch (IOException unreadable) {
            // The bytes are no such message from here on, and what was found so far is all of it.
            ordered = false;
        }
    }

    private static boolean isPacked(FieldType field, int wireType) {
        return field.isRepeated()
                && field.kind().isPackable()
                && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private void add(WireField value) {
        FieldType field = value.field();
        if (!found.isEmpty()) {
            int last = found.getLast().number();
            ordered &= last <= field.number();
            doubled |= last == field.number() && !field.isRepeated();
        }
        OneofType oneof = field.oneof();
        if (oneof != null) {
            Map<OneofType, Integer> set = oneofs == null ? new HashMap<>(4) : oneofs;
            oneofs = set;
            Integer begin = set.get(oneof);
            if (begin == null || !found.get(begin).field().equals(field)) {
                replaced |= begin != null;
                set.put(oneof, found.size());
            }
        }
        found.add(value);
    }

    private void settle() {
        if (replaced) {
            dropReplaced();
        }
        if (!ordered) {
            found.sort(Comparator.comparingInt(WireField::number));
        }
        if (doubled || !ordered) {
            joinDoubled();
        }
    }

    private void dropReplaced() {
        Map<OneofType, Integer> set = oneofs == null ? Map.of() : oneofs;
        List<WireField> kept = new ArrayList<>(found.size());
        for (int i = 0; i < found.size(); i++) {
            OneofType oneof = found.get(i).field().oneof();
            if (oneof == null || i >= set.getOrDefault(oneof, 0)) {
                kept.add(found.get(i));
            }
        }
        found = kept;
    }

    private void joinDoubled() {
        List<WireField> kept = new ArrayList<>(found.size());
        int next;
        for (int at = 0; at < found.size(); at = next) {
            next = end(found, at);
            FieldType field = found.get(at).field();
            if (field.isRepeated()) {
                kept.addAll(found.subList(at, next));
            } else if (next - at > 1 && field.kind() == FieldType.Kind.MESSAGE) {
                kept.add(merged(found.subList(at, next)));
            } else {
                kept.add(found.get(next - 1));
            }
        }
        found = kept;
    }

    /** The content of messages behind each other, which is theirs merged. */
    private static WireField merged(List<WireField> messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WireField message : messages) {
            all.write(message.bytes(), message.from(), message.to() - message.from());
        }
        FieldType field = messages.getFirst().field();
        return new WireField(field, all.toByteArray(), 0, all.size(), false);
    }

    /** Where the values of the field end that stands at a place. */
    public static int end(List<WireField> fields, int from) {
        int end = from + 1;
        while (end < fields.size() && fields.get(end).field() == fields.get(from).field()) {
            end++;
        }
        return end;
    }
}
