package dev.attache.server.admin.message;

import com.google.protobuf.CodedInputStream;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map, in the order in which they came; Envoy's come in another one each time. Of
 * a key that is there twice the last one counts.
 */
final class MapLevel extends Level {
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private final Iterator<Map.Entry<String, WireField>> entries;
    private final boolean sensitive;

    /**
     * @param map the entries, all of one field; none, or one without any, stands for an empty map
     */
    MapLevel(MessagePrinter printer, List<WireField> map, boolean sensitive) {
        super(printer, "{}");
        this.sensitive = sensitive;
        Map<String, WireField> byKey = new LinkedHashMap<>();
        for (WireField entry : map) {
            if (!entry.isUnset()) {
                add(entry.message(), byKey);
            }
        }
        this.entries = byKey.entrySet().iterator();
    }

    private static void add(MessageBytes entry, Map<String, WireField> byKey) {
        WireField key = null;
        WireField value = null;
        for (WireField part : entry.fields()) {
            key = part.number() == KEY ? part : key;
            value = part.number() == VALUE ? part : value;
        }
        byKey.put(
                keyText(field(entry.type(), KEY), key),
                value == null ? WireField.unset(field(entry.type(), VALUE)) : value);
    }

    private static FieldType field(MessageType entry, int number) {
        return Objects.requireNonNull(entry.field(number), "an entry has key and value");
    }

    private static String keyText(FieldType field, @Nullable WireField key) {
        if (field.kind() == FieldType.Kind.STRING) {
            return key == null ? "" : key.text();
        }
        CodedInputStream in = key == null ? CodedInputStream.newInstance(new byte[8]) : key.open();
        try {
            return switch (field.kind()) {
                case BOOL -> Boolean.toString(in.readBool());
                case INT64 -> Long.toString(in.readInt64());
                case SINT64 -> Long.toString(in.readSInt64());
                case SFIXED64 -> Long.toString(in.readSFixed64());
                case UINT64 -> Long.toUnsignedString(in.readUInt64());
                case FIXED64 -> Long.toUnsignedString(in.readFixed64());
                case UINT32 -> Integer.toUnsignedString(in.readUInt32());
                case FIXED32 -> Integer.toUnsignedString(in.readFixed32());
                case INT32 -> Integer.toString(in.readInt32());
                case SINT32 -> Integer.toString(in.readSInt32());
                case SFIXED32 -> Integer.toString(in.readSFixed32());
                default -> throw new IllegalStateException(field + " is no key");
            };
        } catch (IOException e) {
            throw new UncheckedIOException("a value that was read once", e);
        }
    }

    @Override
    boolean step() {
        while (entries.hasNext()) {
            Map.Entry<String, WireField> entry = entries.next();
            if (member(entry.getKey(), entry.getValue())) {
                return true;
            }
        }
        return false;
    }

    private boolean member(String name, WireField value) {
        FieldType field = value.field();
        boolean message = field.kind() == FieldType.Kind.MESSAGE;
        if (message && ValueKind.isLeftOut(field.message(), value, sensitive)) {
            return false;
        }
        key(name);
        boolean cleared = sensitive && !Scalars.isReplaceable(field);
        if (!message && (value.isUnset() && !sensitive || cleared)) {
            Scalars.unset(printer.out, field);
        } else {
            printer.value(value, sensitive);
        }
        return true;
    }
}
