package dev.attache.filters.http.lua.exchange;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.filters.lua.LuaValues;
import dev.attache.proxy.metadata.TypedMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages in typed metadata as tables of Lua: fields that are set, by their names. Stateless. */
public final class TypedMetadataWire {

    private static final int KEY = 1;
    private static final int VALUE = 2;

    private TypedMetadataWire() {}

    /** The message, or null: the API has no such type, or the bytes are none of it. */
    public static @Nullable LuaValues table(TypedMetadata typed) {
        String name = typed.typeUrl().substring(typed.typeUrl().lastIndexOf('/') + 1);
        MessageType type = ApiTable.message(name);
        if (type == null) {
            return null;
        }
        try {
            LuaValues out = new LuaValues();
            message(out, type, ByteString.copyFrom(typed.message()));
            return out;
        } catch (IOException e) {
            return null; // the sender's bytes are not what it says: as Envoy, nil
        }
    }

    private static void message(LuaValues out, MessageType type, ByteString bytes)
            throws IOException {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
        Map<FieldType, List<Object>> present = new LinkedHashMap<>();
        for (FieldType field : type.fields()) {
            List<Object> values = values(field, fields);
            if (!values.isEmpty() && (field.isRepeated() || field.hasPresence() || isSet(values))) {
                present.put(field, values);
            }
        }
        out.table(present.size());
        for (Map.Entry<FieldType, List<Object>> each : present.entrySet()) {
            write(out.text(each.getKey().name()), each.getKey(), each.getValue());
        }
    }

    private static void write(LuaValues out, FieldType field, List<Object> values)
            throws IOException {
        if (field.isMap()) {
            map(out, field.message(), values);
        } else if (field.isRepeated()) {
            out.list(values.size());
            for (Object value : values) {
                one(out, field, value);
            }
        } else {
            one(out, field, values.getLast());
        }
    }

    private static void map(LuaValues out, MessageType entry, List<Object> values)
            throws IOException {
        FieldType key = field(entry, KEY);
        FieldType value = field(entry, VALUE);
        Map<Object, List<Object>> entries = new LinkedHashMap<>();
        for (Object each : values) {
            UnknownFieldSet parts = UnknownFieldSet.parseFrom((ByteString) each);
            List<Object> keys = values(key, parts);
            entries.put(keys.isEmpty() ? nothing(key) : keys.getLast(), values(value, parts));
        }
        out.table(entries.size());
        for (Map.Entry<Object, List<Object>> each : entries.entrySet()) {
            one(out, key, each.getKey());
            one(out, value, each.getValue().isEmpty() ? nothing(value) : each.getValue().getLast());
        }
    }

    private static FieldType field(MessageType entry, int number) throws IOException {
        FieldType field = entry.field(number);
        if (field == null) {
            throw new InvalidProtocolBufferException("no entry of a map: " + entry.fullName());
        }
        return field;
    }

    private static void one(LuaValues out, FieldType field, Object value) throws IOException {
        switch (value) {
            case ByteString bytes when field.kind() == FieldType.Kind.MESSAGE ->
                    message(out, field.message(), bytes);
            case ByteString bytes -> out.text(bytes.toByteArray());
            case Boolean flag -> out.bool(flag);
            case Number number -> out.number(number.doubleValue());
            default -> out.nil();
        }
    }

    private static Object nothing(FieldType field) {
        return switch (field.kind()) {
            case STRING, BYTES, MESSAGE, GROUP -> ByteString.EMPTY;
            case BOOL -> false;
            default -> 0L;
        };
    }

    private static boolean isSet(List<Object> values) {
        return switch (values.getLast()) {
            case ByteString bytes -> !bytes.isEmpty();
            case Boolean flag -> flag;
            case Number number -> number.doubleValue() != 0;
            default -> true;
        };
    }

    private static List<Object> values(FieldType field, UnknownFieldSet fields) throws IOException {
        List<Object> values = new ArrayList<>();
        UnknownFieldSet.Field found = fields.getField(field.number());
        for (long varint : found.getVarintList()) {
            values.add(varint(field.kind(), varint));
        }
        for (int fixed : found.getFixed32List()) {
            values.add(fixed32(field.kind(), fixed));
        }
        for (long fixed : found.getFixed64List()) {
            values.add(
                    field.kind() == FieldType.Kind.DOUBLE
                            ? (Number) Double.longBitsToDouble(fixed)
                            : (Number) fixed);
        }
        for (ByteString bytes : found.getLengthDelimitedList()) {
            if (field.kind().isPackable()) {
                unpack(field.kind(), bytes.newCodedInput(), values);
            } else {
                values.add(bytes);
            }
        }
        return values;
    }

    private static void unpack(FieldType.Kind kind, CodedInputStream in, List<Object> values)
            throws IOException {
        while (!in.isAtEnd()) {
            switch (kind) {
                case DOUBLE -> values.add(in.readDouble());
                case FIXED64, SFIXED64 -> values.add(in.readFixed64());
                case FLOAT, FIXED32, SFIXED32 -> values.add(fixed32(kind, in.readFixed32()));
                default -> values.add(varint(kind, in.readRawVarint64()));
            }
        }
    }

    private static Object varint(FieldType.Kind kind, long value) {
        return switch (kind) {
            case BOOL -> value != 0;
            case INT32, ENUM -> (long) (int) value;
            case UINT32 -> value & 0xffffffffL;
            case SINT32, SINT64 -> CodedInputStream.decodeZigZag64(value);
            case UINT64 -> Double.parseDouble(Long.toUnsignedString(value));
            default -> value;
        };
    }

    private static Object fixed32(FieldType.Kind kind, int value) {
        return switch (kind) {
            case FLOAT -> (double) Float.intBitsToFloat(value);
            case FIXED32 -> value & 0xffffffffL;
            default -> (long) value;
        };
    }
}
