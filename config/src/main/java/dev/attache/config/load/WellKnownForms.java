package dev.attache.config.load;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.config.load.tree.ConfigNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Writes google.protobuf types whose JSON forms are not simply their fields. */
final class WellKnownForms {
    private static final String PACKAGE = "google.protobuf.";
    private static final long MAX_DURATION_SECONDS = 315_576_000_000L;
    private static final int MAX_FRACTION = 9;

    /** Tags of {@code Struct.fields}, {@code ListValue.values} and of a map's key and value. */
    private static final int FIRST = 1 << 3 | 2;

    private static final int SECOND = 2 << 3 | 2;

    private static final int NULL_VALUE = 1 << 3;
    private static final int NUMBER_VALUE = 2 << 3 | 1;
    private static final int STRING_VALUE = 3 << 3 | 2;
    private static final int BOOL_VALUE = 4 << 3;
    private static final int STRUCT_VALUE = 5 << 3 | 2;
    private static final int LIST_VALUE = 6 << 3 | 2;

    private final WireBuffer out;
    private final FieldWriter fields;
    private final ScalarWriter scalars;

    WellKnownForms(WireBuffer out, FieldWriter fields, ScalarWriter scalars) {
        this.out = out;
        this.fields = fields;
        this.scalars = scalars;
    }

    /**
     * Writes the content of a message of the type from its own JSON form and says whether it did.
     * False: not such a type, or an object where legacy syntax allows one, to be read field by
     * field.
     */
    boolean write(ConfigNode node, MessageType type) throws BadValueException {
        if (!type.fullName().startsWith(PACKAGE)) {
            return false;
        }
        int start = out.size();
        try {
            return writeForm(node, type);
        } catch (BadValueException e) {
            out.cut(start);
            throw e;
        }
    }

    private boolean writeForm(ConfigNode node, MessageType type) throws BadValueException {
        switch (type.fullName()) {
            case "google.protobuf.Struct":
                struct(node);
                return true;
            case "google.protobuf.Value":
                value(node);
                return true;
            case "google.protobuf.ListValue":
                list(node);
                return true;
            case "google.protobuf.Duration":
                return !(node instanceof ConfigNode.Mapping) && duration(node, type);
            case "google.protobuf.Timestamp":
                return !(node instanceof ConfigNode.Mapping) && timestamp(node, type);
            case "google.protobuf.FieldMask":
                return !(node instanceof ConfigNode.Mapping) && fieldMask(node, type);
            case "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.FloatValue",
            "google.protobuf.DoubleValue":
                if (node instanceof ConfigNode.Mapping) {
                    return false;
                }
                scalars.write(field(type, 1), node, false);
                return true;
            default:
                return false;
        }
    }

    /** Types whose JSON inside an Any stands under the key {@code value}. */
    static boolean hasOwnForm(MessageType type) {
        return type.fullName().startsWith(PACKAGE) && !type.fullName().endsWith(".Empty");
    }

    /** Types that hold any JSON: their fields are no part of a path. */
    static boolean isAnyJson(MessageType type) {
        return switch (type.fullName()) {
            case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue" ->
                    true;
            default -> false;
        };
    }

    private boolean duration(ConfigNode node, MessageType type) throws BadValueException {
        String text = ScalarWriter.text(node);
        int begin = text.startsWith("-") ? 1 : 0;
        int point = endOfDigits(text, begin);
        if (point == begin) {
            throw BadValueException.of("duration must start with an integer");
        }
        int end = point;
        if (text.startsWith(".", point)) {
            int fractionEnd = Math.min(endOfDigits(text, point + 1), point + 1 + MAX_FRACTION);
            end = fractionEnd == point + 1 ? point : fractionEnd;
        }
        if (end != text.length() - 1 || text.charAt(end) != 's') {
            throw BadValueException.of("duration must end with a single 's'");
        }
        long seconds = seconds(text, begin, point);
        if (seconds > MAX_DURATION_SECONDS) {
            throw BadValueException.of("duration out of range");
        }
        int nanos = nanos(text, point + 1, end);
        int sign = begin == 0 ? 1 : -1;
        fields.integer(field(type, 1), sign * seconds, false);
        fields.integer(field(type, 2), sign * nanos, false);
        return true;
    }

    private static int endOfDigits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /** Digits too many for a long may still be leading zeros. */
    private static long seconds(String text, int from, int to) {
        int begin = from;
        while (begin < to - 1 && text.charAt(begin) == '0') {
            begin++;
        }
        return to - begin > 18 ? Long.MAX_VALUE : Long.parseLong(text, begin, to, 10);
    }

    private static int nanos(String text, int from, int to) {
        int nanos = 0;
        for (int i = 0; i < MAX_FRACTION; i++) {
            int at = from + i;
            nanos = 10 * nanos + (at < to ? text.charAt(at) - '0' : 0);
        }
        return nanos;
    }

    private boolean timestamp(ConfigNode node, MessageType type) throws BadValueException {
        try {
            Instant instant = OffsetDateTime.parse(ScalarWriter.text(node)).toInstant();
            fields.integer(field(type, 1), instant.getEpochSecond(), false);
            fields.integer(field(type, 2), instant.getNano(), false);
            return true;
        } catch (DateTimeException e) {
            throw BadValueException.of("timestamp must be in RFC 3339 form");
        }
    }

    private boolean fieldMask(ConfigNode node, MessageType type) throws BadValueException {
        String text = ScalarWriter.text(node);
        FieldType paths = field(type, 1);
        for (String path : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            fields.text(paths, snakeCase(path), true);
        }
        return true;
    }

    private static String snakeCase(String camel) {
        StringBuilder snake = new StringBuilder();
        for (char c : camel.toCharArray()) {
            if (Character.isUpperCase(c)) {
                snake.append('_').append(Character.toLowerCase(c));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }

    private void struct(ConfigNode node) throws BadValueException {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(node, "{");
        }
        Set<String> seen = new HashSet<>();
        for (ConfigNode.Entry entry : mapping.entries()) {
            if (!seen.add(entry.key())) {
                throw BadValueException.repeatedKey(entry.key());
            }
            out.varint(FIRST);
            int pair = out.open();
            out.varint(FIRST);
            out.text(entry.key());
            out.varint(SECOND);
            int value = out.open();
            value(entry.value());
            out.close(value);
            out.close(pair);
        }
    }

    private void value(ConfigNode node) throws BadValueException {
        if (node instanceof ConfigNode.Mapping mapping) {
            out.varint(STRUCT_VALUE);
            int start = out.open();
            struct(mapping);
            out.close(start);
        } else if (node instanceof ConfigNode.Sequence sequence) {
            out.varint(LIST_VALUE);
            int start = out.open();
            list(sequence);
            out.close(start);
        } else if (node instanceof ConfigNode.Text text) {
            out.varint(STRING_VALUE);
            out.text(text.value());
        } else if (node instanceof ConfigNode.Number number) {
            double real = ScalarWriter.real(number.text());
            out.varint(NUMBER_VALUE);
            out.fixed64(Double.doubleToRawLongBits(real));
        } else if (node instanceof ConfigNode.Bool bool) {
            out.varint(BOOL_VALUE);
            out.varint(bool.value() ? 1 : 0);
        } else {
            out.varint(NULL_VALUE);
            out.varint(0);
        }
    }

    private void list(ConfigNode node) throws BadValueException {
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            throw BadValueException.unexpected(node, "[");
        }
        for (ConfigNode item : sequence.items()) {
            out.varint(FIRST);
            int start = out.open();
            value(item);
            out.close(start);
        }
    }

    private static FieldType field(MessageType type, int number) {
        return Objects.requireNonNull(type.field(number), type.fullName());
    }
}
