package dev.attache.config.load;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.util.List;
import java.util.Random;

/** Messages with arbitrary values in arbitrary fields, the same for the same seed. */
final class RandomMessages {
    private static final int MAX_DEPTH = 6;
    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        127,
        128,
        16_384,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xFFFF_FFFFL,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final double[] REALS = {
        0, -0.0, 1.5, -1e-7, 1e300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
    };
    private static final String[] TEXTS = {
        "",
        "a",
        "0x10",
        "true",
        "null",
        "a b\n\t\"'\\",
        "\u00fc\u20ac\ud83d\ude00",
        "x".repeat(200),
        "\u0001",
        "5s",
        "- #:{}[]"
    };

    private final Random random;
    private final List<Message> packed;
    private final boolean numbersInStructs;

    /**
     * @param packed what Anys may hold
     * @param numbersInStructs whether Structs have any
     */
    RandomMessages(long seed, List<Message> packed, boolean numbersInStructs) {
        this.random = new Random(seed);
        this.packed = packed;
        this.numbersInStructs = numbersInStructs;
    }

    /** A message of the prototype's class. */
    Message like(Message prototype) {
        return message(prototype.newBuilderForType(), 0);
    }

    private Message message(Message.Builder builder, int depth) {
        Descriptor type = builder.getDescriptorForType();
        switch (type.getFullName()) {
            case "google.protobuf.Any":
                return any(depth);
            case "google.protobuf.Struct":
                return struct(depth);
            case "google.protobuf.Value":
                return value(depth);
            case "google.protobuf.ListValue":
                return ListValue.newBuilder().addValues(value(depth + 1)).build();
            case "google.protobuf.Duration":
                int sign = random.nextBoolean() ? 1 : -1;
                return Duration.newBuilder()
                        .setSeconds(sign * (random.nextInt() & 0xffff))
                        .setNanos(sign * random.nextInt(1_000_000_000))
                        .build();
            case "google.protobuf.Timestamp":
                return Timestamp.newBuilder()
                        .setSeconds(random.nextInt())
                        .setNanos(random.nextInt(1_000_000_000))
                        .build();
            case "google.protobuf.FieldMask":
                return FieldMask.newBuilder().addPaths("a_b.c").addPaths("d").build();
            default:
                fill(builder, type, depth);
                return builder.build();
        }
    }

    private void fill(Message.Builder builder, Descriptor type, int depth) {
        int wanted = Math.max(1, 6 - depth);
        for (FieldDescriptor field : type.getFields()) {
            boolean chosen = random.nextInt(Math.max(1, type.getFields().size())) < wanted;
            boolean fits = field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
            if (!chosen || !fits && depth >= MAX_DEPTH || isTaken(builder, field)) {
                continue;
            }
            if (!field.isRepeated()) {
                builder.setField(field, value(builder, field, depth));
                continue;
            }
            int count = field.isMapField() ? 1 : 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                builder.addRepeatedField(field, value(builder, field, depth));
            }
        }
    }

    private static boolean isTaken(Message.Builder builder, FieldDescriptor field) {
        return field.getContainingOneof() != null && builder.hasOneof(field.getContainingOneof());
    }

    private Object value(Message.Builder of, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> (int) number();
            case LONG -> number();
            case FLOAT -> (float) REALS[random.nextInt(REALS.length)];
            case DOUBLE -> REALS[random.nextInt(REALS.length)];
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTE_STRING -> ByteString.copyFrom(new byte[] {-1, 0, (byte) random.nextInt()});
            case ENUM -> enumValue(field);
            case MESSAGE -> message(of.newBuilderForField(field), depth + 1);
        };
    }

    private Object enumValue(FieldDescriptor field) {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        return values.get(random.nextInt(values.size()));
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private Message any(int depth) {
        if (depth >= MAX_DEPTH) {
            return Any.getDefaultInstance();
        }
        Message held = packed.get(random.nextInt(packed.size()));
        return Any.pack(message(held.newBuilderForType(), depth + 1));
    }

    private Struct struct(int depth) {
        Struct.Builder struct = Struct.newBuilder();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            // in the order in which writers put keys
            struct.putFields("k" + i + text(), value(depth + 1));
        }
        return struct.build();
    }

    private Value value(int depth) {
        Value.Builder value = Value.newBuilder();
        return switch (random.nextInt(depth < MAX_DEPTH ? 6 : 4)) {
            case 0 -> value.setNullValueValue(0).build();
            case 1 -> value.setBoolValue(random.nextBoolean()).build();
            case 2 ->
                    numbersInStructs
                            ? value.setNumberValue(random.nextInt() / 8.0).build()
                            : value.setBoolValue(true).build();
            case 3 -> value.setStringValue(text()).build();
            case 4 -> value.setStructValue(struct(depth + 1)).build();
            default ->
                    value.setListValue(ListValue.newBuilder().addValues(value(depth + 1))).build();
        };
    }
}
