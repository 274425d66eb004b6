package dev.attache.server.admin.message;

import com.google.protobuf.CodedInputStream;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.server.admin.message.json.JsonOut;
import dev.attache.server.admin.message.wire.WireField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** Single values as JSON has them: 64-bit integers as text, enum values by name. Pure. */
final class Scalars {
    /** What stands in the place of a text that must not be shown. */
    static final String REDACTED = "[redacted]";

    private static final String REDACTED_OCTETS =
            Base64.getEncoder()
                    .encodeToString(REDACTED.getBytes(java.nio.charset.StandardCharsets.UTF_8));

    private Scalars() {}

    /** Whether values of the kind are replaced where they must not be shown, not left out. */
    static boolean isReplaceable(FieldType field) {
        return field.kind() == FieldType.Kind.STRING || field.kind() == FieldType.Kind.BYTES;
    }

    static void redacted(JsonOut out, FieldType field) {
        out.quote(field.kind() == FieldType.Kind.STRING ? REDACTED : REDACTED_OCTETS);
    }

    /** A value that is not packed. */
    static void write(JsonOut out, WireField value) {
        switch (value.field().kind()) {
            case STRING -> out.quote(value.bytes(), value.from(), value.to());
            case BYTES -> out.base64(value.bytes(), value.from(), value.to());
            default -> {
                try {
                    write(out, value.field(), value.open());
                } catch (IOException e) {
                    throw new UncheckedIOException("a value that was read once", e);
                }
            }
        }
    }

    /** The next number, flag or enum value. */
    static void write(JsonOut out, FieldType field, CodedInputStream in) throws IOException {
        switch (field.kind()) {
            case DOUBLE -> out.number(in.readDouble());
            case FLOAT -> out.number(in.readFloat());
            case INT64 -> out.quote(Long.toString(in.readInt64()));
            case SINT64 -> out.quote(Long.toString(in.readSInt64()));
            case SFIXED64 -> out.quote(Long.toString(in.readSFixed64()));
            case UINT64 -> out.quote(Long.toUnsignedString(in.readUInt64()));
            case FIXED64 -> out.quote(Long.toUnsignedString(in.readFixed64()));
            case INT32 -> out.raw(Integer.toString(in.readInt32()));
            case SINT32 -> out.raw(Integer.toString(in.readSInt32()));
            case SFIXED32 -> out.raw(Integer.toString(in.readSFixed32()));
            case UINT32 -> out.raw(Integer.toUnsignedString(in.readUInt32()));
            case FIXED32 -> out.raw(Integer.toUnsignedString(in.readFixed32()));
            case BOOL -> out.raw(in.readBool() ? "true" : "false");
            case ENUM -> enumValue(out, field, in.readEnum());
            case STRING, BYTES, MESSAGE, GROUP ->
                    throw new IllegalArgumentException(field + " is no number");
        }
    }

    /** What a field has that is not set. */
    static void unset(JsonOut out, FieldType field) {
        switch (field.kind()) {
            case STRING, BYTES -> out.quote("");
            case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> out.quote("0");
            case BOOL -> out.raw("false");
            case ENUM -> enumValue(out, field, 0);
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field + " is a message");
            default -> out.raw('0');
        }
    }

    private static void enumValue(JsonOut out, FieldType field, int number) {
        EnumValue value = field.enumeration().value(number);
        if (field.enumeration().fullName().equals("google.protobuf.NullValue")) {
            out.raw("null"); // the one enum that JSON has a value for
        } else if (value == null) {
            out.raw(Integer.toString(number));
        } else {
            out.quote(value.name());
        }
    }
}
