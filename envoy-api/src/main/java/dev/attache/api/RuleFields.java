package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message of validate.proto, by number; their types are told when they are read.
 */
final class RuleFields {
    private static final int NUMBERS = 27;

    /** Varints and fixed numbers as {@link Long}, all else as {@link ByteString}. */
    private final @Nullable List<Object>[] values;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of lists
    private RuleFields() {
        values = new List[NUMBERS];
    }

    static RuleFields read(ByteString encoded) throws IOException {
        RuleFields fields = new RuleFields();
        CodedInputStream in = encoded.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Object value =
                    switch (WireFormat.getTagWireType(tag)) {
                        case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
                        case WireFormat.WIRETYPE_FIXED64 -> in.readRawLittleEndian64();
                        case WireFormat.WIRETYPE_FIXED32 -> (long) in.readRawLittleEndian32();
                        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.readBytes();
                        default -> throw new IOException("unexpected tag " + tag);
                    };
            int number = WireFormat.getTagFieldNumber(tag);
            if (number < NUMBERS) {
                List<Object> list = fields.values[number];
                if (list == null) {
                    list = new ArrayList<>(1);
                    fields.values[number] = list;
                }
                list.add(value);
            }
        }
        return fields;
    }

    boolean has(int number) {
        return values[number] != null;
    }

    boolean flag(int number) {
        return last(number) instanceof Long value && value != 0;
    }

    long limit(int number) {
        return last(number) instanceof Long value ? value : FieldRules.UNLIMITED;
    }

    @Nullable String text(int number) {
        return last(number) instanceof ByteString bytes ? bytes.toStringUtf8() : null;
    }

    List<String> texts(int number) {
        List<String> texts = new ArrayList<>();
        for (ByteString bytes : allBytes(number)) {
            texts.add(bytes.toStringUtf8());
        }
        return List.copyOf(texts);
    }

    @Nullable ByteString bytes(int number) {
        return last(number) instanceof ByteString bytes ? bytes : null;
    }

    List<ByteString> allBytes(int number) {
        List<ByteString> all = new ArrayList<>();
        for (Object value : all(number)) {
            if (value instanceof ByteString bytes) {
                all.add(bytes);
            }
        }
        return List.copyOf(all);
    }

    @Nullable FieldRules rules(int number) throws IOException {
        return last(number) instanceof ByteString bytes ? RuleReader.rules(bytes) : null;
    }

    @Nullable Number number(int number, FieldType.Kind kind) {
        return last(number) instanceof Long bits ? number(bits, kind) : null;
    }

    List<Number> numbers(int number, FieldType.Kind kind) throws IOException {
        List<Number> numbers = new ArrayList<>();
        for (Object value : all(number)) {
            if (value instanceof ByteString packed) {
                unpack(packed, kind, numbers);
            } else {
                numbers.add(number((Long) value, kind));
            }
        }
        return List.copyOf(numbers);
    }

    private static void unpack(ByteString packed, FieldType.Kind kind, List<Number> into)
            throws IOException {
        CodedInputStream in = packed.newCodedInput();
        while (!in.isAtEnd()) {
            long bits =
                    switch (kind.wireType()) {
                        case WireFormat.WIRETYPE_FIXED64 -> in.readRawLittleEndian64();
                        case WireFormat.WIRETYPE_FIXED32 -> in.readRawLittleEndian32();
                        default -> in.readRawVarint64();
                    };
            into.add(number(bits, kind));
        }
    }

    private static Number number(long bits, FieldType.Kind kind) {
        return switch (kind) {
            case DOUBLE -> Double.longBitsToDouble(bits);
            case FLOAT -> (double) Float.intBitsToFloat((int) bits);
            case SINT32 -> (long) CodedInputStream.decodeZigZag32((int) bits);
            case SINT64 -> CodedInputStream.decodeZigZag64(bits);
            case UINT32, FIXED32 -> bits & 0xFFFF_FFFFL;
            case INT32, SFIXED32, ENUM -> (long) (int) bits;
            default -> bits;
        };
    }

    @Nullable Duration duration(int number) throws IOException {
        ByteString bytes = bytes(number);
        if (bytes == null) {
            return null;
        }
        RuleFields parts = read(bytes);
        return Duration.ofSeconds(parts.part(1), parts.part(2));
    }

    List<Duration> durations(int number) throws IOException {
        List<Duration> durations = new ArrayList<>();
        for (ByteString bytes : allBytes(number)) {
            RuleFields parts = read(bytes);
            durations.add(Duration.ofSeconds(parts.part(1), parts.part(2)));
        }
        return List.copyOf(durations);
    }

    @Nullable Instant instant(int number) throws IOException {
        ByteString bytes = bytes(number);
        if (bytes == null) {
            return null;
        }
        RuleFields parts = read(bytes);
        return Instant.ofEpochSecond(parts.part(1), parts.part(2));
    }

    private long part(int number) {
        return last(number) instanceof Long value ? value : 0;
    }

    private List<Object> all(int number) {
        List<Object> all = values[number];
        return all == null ? List.of() : all;
    }

    private @Nullable Object last(int number) {
        List<Object> all = values[number];
        return all == null ? null : all.getLast();
    }
}
