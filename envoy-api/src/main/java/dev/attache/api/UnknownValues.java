package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The values of one field as protobuf keeps those that a class does not know. */
final class UnknownValues {
    private UnknownValues() {}

    /** Whether there are values that are written as those of the field's kind are. */
    static boolean isThere(FieldType field, UnknownFieldSet.Field values) {
        boolean spans = !values.getLengthDelimitedList().isEmpty();
        return field.kind().wireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED
                ? spans
                : !single(field, values).isEmpty() || field.isRepeated() && spans;
    }

    /** The last string, bytes or message; empty where there is none. */
    static ByteString last(UnknownFieldSet.Field values) {
        List<ByteString> spans = values.getLengthDelimitedList();
        return spans.isEmpty() ? ByteString.EMPTY : spans.getLast();
    }

    /** The last value as it stands on the wire; 0 where there is none. */
    static long raw(FieldType field, UnknownFieldSet.Field values) {
        List<? extends Number> found = single(field, values);
        return found.isEmpty() ? 0 : found.getLast().longValue();
    }

    /** The numbers that stand for themselves, not packed. */
    private static List<? extends Number> single(FieldType field, UnknownFieldSet.Field values) {
        return switch (field.kind().wireType()) {
            case WireFormat.WIRETYPE_VARINT -> values.getVarintList();
            case WireFormat.WIRETYPE_FIXED32 -> values.getFixed32List();
            default -> values.getFixed64List();
        };
    }

    /** An integer, a boolean or the number of an enum's value. */
    static long decode(Kind kind, long raw) {
        return switch (kind) {
            case INT32, ENUM, SFIXED32 -> (int) raw;
            case UINT32, FIXED32 -> raw & 0xffff_ffffL;
            case SINT32 -> CodedInputStream.decodeZigZag32((int) raw);
            case SINT64 -> CodedInputStream.decodeZigZag64(raw);
            case BOOL -> raw == 0 ? 0 : 1;
            default -> raw;
        };
    }

    /** The integers of a repeated field, packed or not. */
    static List<Long> numbers(FieldType field, UnknownFieldSet.Field values) {
        List<Long> numbers = new ArrayList<>();
        for (ByteString packed : values.getLengthDelimitedList()) {
            unpack(field, packed, numbers);
        }
        for (Number raw : single(field, values)) {
            numbers.add(decode(field.kind(), raw.longValue()));
        }
        return numbers;
    }

    private static void unpack(FieldType field, ByteString packed, List<Long> into) {
        CodedInputStream in = packed.newCodedInput();
        try {
            while (!in.isAtEnd()) {
                long raw =
                        switch (field.kind().wireType()) {
                            case WireFormat.WIRETYPE_VARINT -> in.readRawVarint64();
                            case WireFormat.WIRETYPE_FIXED32 -> in.readRawLittleEndian32();
                            default -> in.readRawLittleEndian64();
                        };
                into.add(decode(field.kind(), raw));
            }
        } catch (IOException e) {
            throw new IllegalStateException(field.fullName(), e);
        }
    }
}
