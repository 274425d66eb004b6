package dev.attache.config.load;

import com.google.protobuf.UnsafeByteOperations;
import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.config.load.tree.SyntaxException;
import java.util.Locale;

/** Writes the tokens of a text protobuf as scalars of a field's type. */
final class TextScalars {
    private final TextTokens tokens;
    private final FieldWriter out;

    TextScalars(TextTokens tokens, FieldWriter out) {
        this.tokens = tokens;
        this.out = out;
    }

    /**
     * @param always even what says nothing, as the field has it without a value
     */
    void write(FieldType field, boolean always) throws SyntaxException {
        switch (field.kind()) {
            case DOUBLE, FLOAT -> out.real(field, real(), always);
            case BOOL -> out.integer(field, bool(field) ? 1 : 0, always);
            case STRING -> out.octets(field, utf8(field), always);
            case BYTES -> out.octets(field, tokens.string(), always);
            case ENUM -> out.integer(field, enumValue(field), always);
            case INT32, SINT32, SFIXED32 -> out.integer(field, signed(Integer.MAX_VALUE), always);
            case INT64, SINT64, SFIXED64 -> out.integer(field, signed(Long.MAX_VALUE), always);
            case UINT32, FIXED32 -> out.integer(field, unsigned(0xFFFF_FFFFL), always);
            case UINT64, FIXED64 -> out.integer(field, unsigned(-1), always);
            case MESSAGE, GROUP -> throw new IllegalArgumentException(field + " is a message");
        }
    }

    private long signed(long max) throws SyntaxException {
        return tokens.take('-') ? -unsigned(max + 1) : unsigned(max);
    }

    /**
     * @param max without a sign
     */
    private long unsigned(long max) throws SyntaxException {
        if (tokens.kind() != TextTokens.Kind.INTEGER) {
            throw tokens.error("Expected integer, got: " + tokens.word());
        }
        String word = tokens.word();
        long value;
        try {
            value = parse(word);
        } catch (NumberFormatException e) {
            throw outOfRange(word);
        }
        if (Long.compareUnsigned(value, max) > 0) {
            throw outOfRange(word);
        }
        tokens.next();
        return value;
    }

    private SyntaxException outOfRange(String word) {
        return tokens.error("Integer out of range (" + word + ")");
    }

    private static long parse(String word) {
        if (word.startsWith("0x") || word.startsWith("0X")) {
            return Long.parseUnsignedLong(word, 2, word.length(), 16);
        }
        return word.length() > 1 && word.charAt(0) == '0'
                ? Long.parseUnsignedLong(word, 8)
                : Long.parseUnsignedLong(word, 10);
    }

    private double real() throws SyntaxException {
        boolean negative = tokens.take('-');
        String word = tokens.word();
        double value =
                switch (tokens.kind()) {
                    case INTEGER -> {
                        if (word.length() > 1 && word.charAt(0) == '0') {
                            throw tokens.error("Expect a decimal number, got: " + word);
                        }
                        yield Double.parseDouble(word);
                    }
                    // a float may end with an f, to Java as to C++
                    case FLOAT -> Double.parseDouble(word);
                    case IDENTIFIER -> named(word);
                    default -> throw tokens.error("Expected double, got: " + word);
                };
        tokens.next();
        return negative ? -value : value;
    }

    private double named(String word) throws SyntaxException {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> throw tokens.error("Expected double, got: " + word);
        };
    }

    private boolean bool(FieldType field) throws SyntaxException {
        if (tokens.kind() == TextTokens.Kind.INTEGER) {
            return unsigned(1) != 0;
        }
        boolean value =
                switch (tokens.word()) {
                    case "true", "True", "t" -> true;
                    case "false", "False", "f" -> false;
                    default ->
                            throw tokens.error(
                                    "Invalid value for boolean field \""
                                            + field.name()
                                            + "\". Value: \""
                                            + tokens.word()
                                            + "\".");
                };
        tokens.next();
        return value;
    }

    /** The parsers of messages take no string that is not UTF-8, so it is refused where it is. */
    private byte[] utf8(FieldType field) throws SyntaxException {
        int line = tokens.line();
        int column = tokens.column();
        byte[] octets = tokens.string();
        if (!UnsafeByteOperations.unsafeWrap(octets).isValidUtf8()) {
            throw tokens.errorAt(
                    line, column, "String field \"" + field.name() + "\" is not UTF-8.");
        }
        return octets;
    }

    private long enumValue(FieldType field) throws SyntaxException {
        EnumType type = field.enumeration();
        String word = tokens.word();
        if (tokens.kind() == TextTokens.Kind.IDENTIFIER) {
            EnumValue value = type.value(word);
            if (value == null) {
                throw tokens.error(
                        "Unknown enumeration value of \""
                                + word
                                + "\" for field \""
                                + field.name()
                                + "\".");
            }
            tokens.next();
            return value.number();
        }
        if (tokens.kind() != TextTokens.Kind.INTEGER && !tokens.isAt('-')) {
            throw tokens.error("Expected integer or identifier, got: " + word);
        }
        return signed(Integer.MAX_VALUE);
    }
}
