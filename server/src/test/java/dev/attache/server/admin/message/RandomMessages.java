package dev.attache.server.admin.message;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Messages of any type, made up from a seed. */
final class RandomMessages {
    private static final String[] TEXTS = {
        "",
        "a",
        "<b>&amp;",
        "tab\t \"quoted\" \\ \u0001\u007f",
        "e\u0301 \u00ad \u2028",
        "\ud83d\ude00"
    };
    private static final double[] NUMBERS = {
        0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e15, 123456789012345678.0, 1e-7, 5e-324, 1.5e300, 16777217
    };

    private final Random random;

    RandomMessages(long seed) {
        this.random = new Random(seed);
    }

    /** With about half its fields set, to that depth. */
    Message of(Message prototype, int depth) {
        Message known = wellKnown(prototype.getDescriptorForType().getFullName());
        if (known != null) {
            return prototype.newBuilderForType().mergeFrom(known).build();
        }
        Message.Builder builder = prototype.newBuilderForType();
        for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
            boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (random.nextBoolean() || message && depth == 0) {
                continue;
            }
            int values = field.isRepeated() ? random.nextInt(4) : 1;
            for (int i = 0; i < values; i++) {
                Object value = value(builder, field, depth);
                if (field.isRepeated()) {
                    builder.addRepeatedField(field, value);
                } else {
                    builder.setField(field, value);
                }
            }
        }
        return builder.build();
    }

    private Object value(Message.Builder holder, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> (float) NUMBERS[random.nextInt(NUMBERS.length)];
            case DOUBLE -> NUMBERS[random.nextInt(NUMBERS.length)];
            case BOOLEAN -> random.nextBoolean();
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
            case BYTE_STRING -> ByteString.copyFromUtf8(TEXTS[random.nextInt(TEXTS.length)]);
            case ENUM -> enumValue(field);
            case MESSAGE -> of(holder.newBuilderForField(field).build(), depth - 1);
        };
    }

    private EnumValueDescriptor enumValue(FieldDescriptor field) {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        return random.nextInt(8) == 0 && !field.getEnumType().isClosed()
                ? field.getEnumType().findValueByNumberCreatingIfUnknown(4711)
                : values.get(random.nextInt(values.size()));
    }

    private @Nullable Message wellKnown(String name) {
        return switch (name) {
            case "google.protobuf.Any" ->
                    random.nextBoolean()
                            ? Any.pack(UInt32Value.of(random.nextInt()))
                            : Any.pack(duration());
            case "google.protobuf.Duration" -> duration();
            case "google.protobuf.Timestamp" ->
                    Timestamp.newBuilder()
                            .setSeconds(random.nextInt())
                            .setNanos(random.nextInt(1000) * 1000)
                            .build();
            case "google.protobuf.Struct" -> struct(2);
            case "google.protobuf.Value" -> json(2);
            case "google.protobuf.ListValue" -> ListValue.newBuilder().addValues(json(2)).build();
            default -> null;
        };
    }

    private Duration duration() {
        int sign = random.nextBoolean() ? 1 : -1;
        return Duration.newBuilder()
                .setSeconds(sign * random.nextInt(100))
                .setNanos(sign * random.nextInt(1000) * 1_000_000)
                .build();
    }

    private Struct struct(int depth) {
        Struct.Builder struct = Struct.newBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            struct.putFields(TEXTS[random.nextInt(TEXTS.length)] + i, json(depth - 1));
        }
        return struct.build();
    }

    private Value json(int depth) {
        Value.Builder value = Value.newBuilder();
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> value.setNullValue(NullValue.NULL_VALUE).build();
            case 1 -> value.setNumberValue(NUMBERS[random.nextInt(NUMBERS.length)]).build();
            case 2 -> value.setStringValue(TEXTS[random.nextInt(TEXTS.length)]).build();
            case 3 -> value.setBoolValue(random.nextBoolean()).build();
            case 4 -> value.setStructValue(struct(depth)).build();
            default ->
                    value.setListValue(
                                    ListValue.newBuilder()
                                            .addValues(json(depth - 1))
                                            .addValues(json(depth - 1)))
                            .build();
        };
    }
}
