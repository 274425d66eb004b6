package dev.attache.server.admin;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.attache.config.api.NewerApi;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.stream.format.JsonText;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages as Envoy prints them: proto field names, one space of indentation, Any expanded with {@code
 * @type}. Types are looked up as they are met, so that a dump loads no descriptor that it does not
 * show. An Any of a type that is not known keeps its bytes.
 */
final class ProtoJson {

    private static final List<String> WRAPPERS =
            List.of(
                    "google.protobuf.BoolValue",
                    "google.protobuf.Int32Value",
                    "google.protobuf.Int64Value",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.UInt64Value",
                    "google.protobuf.FloatValue",
                    "google.protobuf.DoubleValue",
                    "google.protobuf.StringValue",
                    "google.protobuf.BytesValue");

    private final TypeRegistry types;
    private final boolean withDefaults;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    private ProtoJson(TypeRegistry types, boolean withDefaults) {
        this.types = types;
        this.withDefaults = withDefaults;
    }

    /** Fields that are set. */
    static String print(Message message, TypeRegistry types) {
        return print(message, types, false);
    }

    /**
     * @param withDefaults scalars and lists that are not set are printed too
     */
    static String print(Message message, TypeRegistry types, boolean withDefaults) {
        ProtoJson printer = new ProtoJson(types, withDefaults);
        printer.message(message, null);
        return printer.out.append('\n').toString();
    }

    private void message(Message known, @org.jspecify.annotations.Nullable String typeUrl) {
        Message message = NewerApi.view(known);
        List<Runnable> members = new ArrayList<>();
        if (typeUrl != null) {
            members.add(() -> {
                JsonText.quote(out, "@type");
                out.append(": ");
                JsonText.quote(out, typeUrl);
            });
        }
        for (FieldDescriptor field : inOrderOfNumbers(message)) {
            if (isShown(message, field)) {
                members.add(() -> {
                    JsonText.quote(out, field.getName());
                    out.append(": ");
                    field(message, field);
                });
            }
        }
        block('{', '}', members);
    }

    private static List<FieldDescriptor> inOrderOfNumbers(Message message) {
        List<FieldDescriptor> fields = new ArrayList<>(message.getDescriptorForType().getFields());
        fields.sort(Comparator.comparingInt(FieldDescriptor::getNumber));
        return fields;
    }

    private boolean isShown(Message message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return withDefaults || message.getRepeatedFieldCount(field) > 0;
        }
        if (message.hasField(field)) {
            return true;
        }
        return withDefaults
                && !field.hasPresence()
                && field.getJavaType() != JavaType.MESSAGE
                && field.getContainingOneof() == null;
    }

    private void block(char open, char close, List<Runnable> members) {
        out.append(open);
        if (members.isEmpty()) {
            out.append(close);
            return;
        }
        depth++;
        String separator = "";
        for (Runnable member : members) {
            out.append(separator).append('\n');
            indent();
            member.run();
            separator = ",";
        }
        depth--;
        out.append('\n');
        indent();
        out.append(close);
    }

    private void indent() {
        out.append(" ".repeat(depth));
    }

    private void field(Message message, FieldDescriptor field) {
        if (field.isMapField()) {
            map(message, field);
        } else if (field.isRepeated()) {
            List<Runnable> items = new ArrayList<>();
            for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                Object item = message.getRepeatedField(field, i);
                items.add(() -> value(field, item));
            }
            block('[', ']', items);
        } else {
            value(field, message.getField(field));
        }
    }

    private void map(Message message, FieldDescriptor field) {
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        List<Runnable> entries = new ArrayList<>();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            Message entry = (Message) message.getRepeatedField(field, i);
            entries.add(() -> {
                JsonText.quote(out, String.valueOf(entry.getField(keyField)));
                out.append(": ");
                value(valueField, entry.getField(valueField));
            });
        }
        block('{', '}', entries);
    }

    private void value(FieldDescriptor field, Object value) {
        switch (field.getJavaType()) {
            case BOOLEAN, INT, FLOAT, DOUBLE -> number(field, value);
            case LONG -> JsonText.quote(out, unsigned(field, (Long) value));
            case STRING -> JsonText.quote(out, (String) value);
            case BYTE_STRING ->
                    JsonText.quote(
                            out,
                            Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> {
                EnumValueDescriptor constant = (EnumValueDescriptor) value;
                if (constant.getIndex() < 0) {
                    out.append(constant.getNumber());
                } else {
                    JsonText.quote(out, constant.getName());
                }
            }
            case MESSAGE -> known((Message) value);
        }
    }

    private static String unsigned(FieldDescriptor field, Long value) {
        return switch (field.getType()) {
            case UINT64, FIXED64 -> Long.toUnsignedString(value);
            default -> value.toString();
        };
    }

    private void number(FieldDescriptor field, Object value) {
        if (field.getJavaType() == JavaType.INT) {
            out.append(
                    switch (field.getType()) {
                        case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
                        default -> value.toString();
                    });
        } else if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (number == Math.rint(number) && Math.abs(number) < 1e15) {
                out.append((long) number);
            } else {
                out.append(value);
            }
        } else {
            out.append(value);
        }
    }

    private void known(Message message) {
        String type = message.getDescriptorForType().getFullName();
        if (WRAPPERS.contains(type)) {
            FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(1);
            value(field, message.getField(field));
            return;
        }
        try {
            switch (type) {
                case "google.protobuf.Any" -> any(Any.parseFrom(message.toByteString()));
                case "google.protobuf.Duration" ->
                        JsonText.quote(
                                out,
                                Durations.toString(Duration.parseFrom(message.toByteString())));
                case "google.protobuf.Timestamp" ->
                        JsonText.quote(
                                out,
                                Timestamps.toString(Timestamp.parseFrom(message.toByteString())));
                case "google.protobuf.Struct" ->
                        struct(Struct.parseFrom(message.toByteString()).getFieldsMap());
                case "google.protobuf.Value" -> json(Value.parseFrom(message.toByteString()));
                case "google.protobuf.ListValue" ->
                        list(ListValue.parseFrom(message.toByteString()).getValuesList());
                default -> message(message, null);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message that does not parse again", e);
        }
    }

    private void any(Any any) {
        Optional<Message> prototype = types.find(any.getTypeUrl());
        if (prototype.isPresent()) {
            try {
                message(
                        prototype.get().newBuilderForType().mergeFrom(any.getValue()).build(),
                        any.getTypeUrl());
                return;
            } catch (InvalidProtocolBufferException e) {
                // Not of the type that it names: shown as the bytes that it is.
                unknownAny(any);
                return;
            }
        }
        unknownAny(any);
    }

    private void unknownAny(Any any) {
        if (any.getTypeUrl().isEmpty()) {
            out.append("{}");
            return;
        }
        block(
                '{',
                '}',
                List.of(
                        () -> {
                            JsonText.quote(out, "@type");
                            out.append(": ");
                            JsonText.quote(out, any.getTypeUrl());
                        },
                        () -> {
                            JsonText.quote(out, "value");
                            out.append(": ");
                            JsonText.quote(
                                    out,
                                    Base64.getEncoder()
                                            .encodeToString(any.getValue().toByteArray()));
                        }));
    }

    private void struct(Map<String, Value> fields) {
        List<Runnable> members = new ArrayList<>();
        fields.forEach((key, value) ->
                members.add(() -> {
                    JsonText.quote(out, key);
                    out.append(": ");
                    json(value);
                }));
        block('{', '}', members);
    }

    private void list(List<Value> values) {
        List<Runnable> items = new ArrayList<>();
        values.forEach(value -> items.add(() -> json(value)));
        block('[', ']', items);
    }

    private void json(Value value) {
        switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> out.append("null");
            case NUMBER_VALUE -> {
                double number = value.getNumberValue();
                if (number == Math.rint(number) && Math.abs(number) < 1e15) {
                    out.append((long) number);
                } else {
                    out.append(number);
                }
            }
            case STRING_VALUE -> JsonText.quote(out, value.getStringValue());
            case BOOL_VALUE -> out.append(value.getBoolValue());
            case STRUCT_VALUE -> struct(value.getStructValue().getFieldsMap());
            case LIST_VALUE -> list(value.getListValue().getValuesList());
        }
    }
}
