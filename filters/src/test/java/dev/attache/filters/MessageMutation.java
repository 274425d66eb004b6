package dev.attache.filters;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.testkit.DefaultInstances;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes a message as the input of a fuzz test says: fields are set to values at the edges, to
 * arbitrary text and to defaults, dropped, repeated and emptied, at any depth and inside of packed
 * messages. A configuration that was sensible before stays so in most places, which random octets
 * never are.
 */
final class MessageMutation {

    private static final int MAX_DEPTH = 12;
    private static final int[] INTS = {
        0, 1, -1, 2, 100, 65536, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final double[] DOUBLES = {0, -1, 1e300, Double.NaN, Double.NEGATIVE_INFINITY};
    private static final String[] TEXTS = {
        "",
        "*",
        "/",
        "a b",
        "\u00fc",
        "\0",
        "%REQ(X)%",
        "%",
        "[",
        "(a+)+$",
        "127.0.0.1",
        "::1",
        "*.*",
        "{\"a\":1}",
        "\\1",
        "{a=**}/*",
        "x".repeat(300),
        "type.googleapis.com/google.protobuf.Struct"
    };

    private final FuzzedDataProvider data;

    MessageMutation(FuzzedDataProvider data) {
        this.data = data;
    }

    /** As many changes as the input has octets for, at most eight. */
    Message apply(Message message) {
        Message changed = message;
        for (int i = 0; i < 8 && data.remainingBytes() > 0; i++) {
            changed = change(changed, 0);
        }
        return changed;
    }

    private Message change(Message message, int depth) {
        if (message instanceof Any any && data.consumeBoolean()) {
            return packed(any, depth);
        }
        List<FieldDescriptor> set = new ArrayList<>(message.getAllFields().keySet());
        if (!set.isEmpty() && depth < MAX_DEPTH && data.consumeInt(0, 3) > 0) {
            FieldDescriptor field = data.pickValue(set);
            return field.isRepeated()
                    ? changedList(message, field, depth)
                    : changedField(message, field, depth);
        }
        List<FieldDescriptor> all = message.getDescriptorForType().getFields();
        if (all.isEmpty()) {
            return message;
        }
        return withValue(message, data.pickValue(all));
    }

    private Message packed(Any any, int depth) {
        String name = any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
        MessageType type = ApiTable.message(name);
        Optional<Message> prototype = type == null ? Optional.empty() : prototype(type);
        if (prototype.isEmpty()) {
            return any;
        }
        try {
            Message content = prototype.get().getParserForType().parseFrom(any.getValue());
            return any.toBuilder().setValue(change(content, depth + 1).toByteString()).build();
        } catch (InvalidProtocolBufferException e) {
            return any;
        }
    }

    private Message changedField(Message message, FieldDescriptor field, int depth) {
        Message.Builder builder = message.toBuilder();
        if (data.consumeInt(0, 7) == 0) {
            return builder.clearField(field).build();
        }
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? builder.setField(field, change((Message) message.getField(field), depth + 1))
                        .build()
                : withValue(message, field);
    }

    private Message changedList(Message message, FieldDescriptor field, int depth) {
        List<Object> items = new ArrayList<>((List<?>) message.getField(field));
        int at = data.consumeInt(0, items.size() - 1);
        switch (data.consumeInt(0, 7)) {
            case 0 -> items.remove(at);
            case 1 -> items.add(items.get(at));
            case 2 -> items.add(value(message.newBuilderForType(), field));
            default ->
                    items.set(
                            at,
                            items.get(at) instanceof Message inner
                                    ? change(inner, depth + 1)
                                    : value(message.newBuilderForType(), field));
        }
        return message.toBuilder().setField(field, items).build();
    }

    private Message withValue(Message message, FieldDescriptor field) {
        Message.Builder builder = message.toBuilder();
        Object value = value(builder, field);
        return field.isRepeated()
                ? builder.addRepeatedField(field, value).build()
                : builder.setField(field, value).build();
    }

    private Object value(Message.Builder of, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> data.pickValue(INTS);
            case LONG -> (long) data.pickValue(INTS) * data.consumeInt(1, 3_000_000);
            case FLOAT -> (float) data.pickValue(DOUBLES);
            case DOUBLE -> data.pickValue(DOUBLES);
            case BOOLEAN -> data.consumeBoolean();
            case STRING -> data.consumeBoolean() ? data.pickValue(TEXTS) : data.consumeString(40);
            case BYTE_STRING -> ByteString.copyFrom(data.consumeBytes(40));
            case ENUM -> enumValue(field);
            case MESSAGE -> inner(of.newBuilderForField(field));
        };
    }

    private Object enumValue(FieldDescriptor field) {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        return data.consumeInt(0, 7) == 0
                ? field.getEnumType().findValueByNumberCreatingIfUnknown(99)
                : data.pickValue(values);
    }

    /** Empty, with one field, or with one that nobody knows. */
    private Message inner(Message.Builder builder) {
        List<FieldDescriptor> fields = builder.getDescriptorForType().getFields();
        return switch (data.consumeInt(0, 3)) {
            case 0 -> builder.build();
            case 1 ->
                    builder.setUnknownFields(
                                    UnknownFieldSet.newBuilder()
                                            .addField(
                                                    9_999,
                                                    UnknownFieldSet.Field.newBuilder()
                                                            .addVarint(1)
                                                            .build())
                                            .build())
                            .build();
            default ->
                    fields.isEmpty() || data.remainingBytes() == 0
                            ? builder.build()
                            : withValue(builder.build(), data.pickValue(fields));
        };
    }

    /** The default instance of the type's class, if it has one. */
    private static Optional<Message> prototype(MessageType type) {
        return DefaultInstances.of(type.className(), Message.class);
    }
}
