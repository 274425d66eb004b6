package dev.attache.config.validate.constraint;

import com.google.protobuf.CodedInputStream;
import dev.attache.api.FieldType.Kind;
import org.jspecify.annotations.Nullable;

/** How values that are no messages stand on the wire. */
public final class Scalars {
    private static final byte[] EMPTY = {};

    private Scalars() {}

    /** Whether values of the kind are integers, booleans or enums. */
    public static boolean isNumber(Kind kind) {
        return switch (kind) {
            case DOUBLE, FLOAT, STRING, BYTES, MESSAGE, GROUP -> false;
            default -> true;
        };
    }

    /** Reads an integer, a boolean or an enum's number. */
    public static long number(Kind kind, WireReader in) throws MalformedMessageException {
        return switch (kind) {
            case INT32, ENUM -> (int) in.varint();
            case UINT32 -> in.varint() & 0xffff_ffffL;
            case SINT32 -> CodedInputStream.decodeZigZag32((int) in.varint());
            case SINT64 -> CodedInputStream.decodeZigZag64(in.varint());
            case BOOL -> in.varint() != 0 ? 1 : 0;
            case FIXED32 -> in.fixed32() & 0xffff_ffffL;
            case SFIXED32 -> in.fixed32();
            case FIXED64, SFIXED64 -> in.fixed64();
            default -> in.varint();
        };
    }

    public static double real(Kind kind, WireReader in) throws MalformedMessageException {
        return kind == Kind.FLOAT
                ? Float.intBitsToFloat(in.fixed32())
                : Double.longBitsToDouble(in.fixed64());
    }

    /** Reads a value and checks it. */
    static @Nullable String check(ValueCheck check, Kind kind, WireReader in)
            throws MalformedMessageException {
        if (isNumber(kind)) {
            return check.number(number(kind, in));
        }
        if (kind == Kind.DOUBLE || kind == Kind.FLOAT) {
            return check.real(real(kind, in));
        }
        in.span();
        return check.span(in.bytes, in.spanStart, in.spanEnd);
    }

    /** Checks the value that a field has when it is not set. */
    public static @Nullable String unset(ValueCheck check, Kind kind)
            throws MalformedMessageException {
        if (isNumber(kind)) {
            return check.number(0);
        }
        return kind == Kind.DOUBLE || kind == Kind.FLOAT ? check.real(0) : check.span(EMPTY, 0, 0);
    }
}
