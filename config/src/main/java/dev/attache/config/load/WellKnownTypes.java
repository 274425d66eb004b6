package dev.attache.config.load;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.SourcePosition;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON forms of google.protobuf types that are not simply their fields. */
final class WellKnownTypes {
    private static final long MAX_DURATION_SECONDS = 315_576_000_000L;

    private static final Pattern SECONDS = Pattern.compile("-?[0-9]+(\\.[0-9]{1,9})?");

    private WellKnownTypes() {}

    /**
     * Fills the builder from the type's own JSON form and says whether it did. False: not such a
     * type, or an object where legacy syntax allows one, to be read field by field.
     */
    static boolean merge(ConfigNode node, Message.Builder builder) throws BadValueException {
        switch (builder.getDescriptorForType().getFullName()) {
            case "google.protobuf.Struct":
                builder.mergeFrom(struct(node));
                return true;
            case "google.protobuf.Value":
                builder.mergeFrom(value(node));
                return true;
            case "google.protobuf.ListValue":
                builder.mergeFrom(list(node));
                return true;
            case "google.protobuf.Duration":
                return !(node instanceof ConfigNode.Mapping) && duration(node, builder);
            case "google.protobuf.Timestamp":
                return !(node instanceof ConfigNode.Mapping) && timestamp(node, builder);
            case "google.protobuf.FieldMask":
                return !(node instanceof ConfigNode.Mapping) && fieldMask(node, builder);
            case "google.protobuf.BoolValue",
            "google.protobuf.StringValue",
            "google.protobuf.BytesValue",
            "google.protobuf.Int32Value",
            "google.protobuf.UInt32Value",
            "google.protobuf.Int64Value",
            "google.protobuf.UInt64Value",
            "google.protobuf.FloatValue",
            "google.protobuf.DoubleValue":
                return !(node instanceof ConfigNode.Mapping) && wrapper(node, builder);
            default:
                return false;
        }
    }

    /** Types whose JSON inside an Any stands under the key {@code value}. */
    static boolean hasOwnForm(String fullName) {
        return fullName.startsWith("google.protobuf.") && !fullName.endsWith(".Empty");
    }

    private static boolean wrapper(ConfigNode node, Message.Builder builder)
            throws BadValueException {
        FieldDescriptor field = field(builder, "value");
        builder.setField(field, ScalarParser.parse(field, node));
        return true;
    }

    private static boolean duration(ConfigNode node, Message.Builder builder)
            throws BadValueException {
        String text = ScalarParser.text(node);
        Matcher start = SECONDS.matcher(text);
        if (!start.lookingAt()) {
            throw BadValueException.of("duration must start with an integer");
        }
        String digits = start.group();
        if (!text.substring(start.end()).equals("s")) {
            throw BadValueException.of("duration must end with a single 's'");
        }
        int sign = digits.startsWith("-") ? -1 : 1;
        int point = digits.indexOf('.');
        String whole = digits.substring(sign < 0 ? 1 : 0, point < 0 ? digits.length() : point);
        long seconds = whole.length() > 18 ? beyondZeros(whole) : Long.parseLong(whole);
        if (seconds > MAX_DURATION_SECONDS) {
            throw BadValueException.of("duration out of range");
        }
        String fraction = point < 0 ? "" : digits.substring(point + 1);
        int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
        builder.setField(field(builder, "seconds"), sign * seconds);
        builder.setField(field(builder, "nanos"), sign * nanos);
        return true;
    }

    /** The value of digits too many for a long, unless they are leading zeros. */
    private static long beyondZeros(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    private static boolean timestamp(ConfigNode node, Message.Builder builder)
            throws BadValueException {
        try {
            Instant instant = OffsetDateTime.parse(ScalarParser.text(node)).toInstant();
            builder.setField(field(builder, "seconds"), instant.getEpochSecond());
            builder.setField(field(builder, "nanos"), instant.getNano());
            return true;
        } catch (DateTimeException e) {
            throw BadValueException.of("timestamp must be in RFC 3339 form");
        }
    }

    private static boolean fieldMask(ConfigNode node, Message.Builder builder)
            throws BadValueException {
        String text = ScalarParser.text(node);
        FieldDescriptor paths = field(builder, "paths");
        for (String path : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            builder.addRepeatedField(paths, snakeCase(path));
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

    static Struct struct(ConfigNode node) throws BadValueException {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(node, "{");
        }
        Struct.Builder struct = Struct.newBuilder();
        Set<String> seen = new HashSet<>();
        for (ConfigNode.Entry entry : mapping.entries()) {
            if (!seen.add(entry.key())) {
                throw BadValueException.of(
                        "got unexpectedly-repeated repeated map key: '" + entry.key() + "'");
            }
            struct.putFields(entry.key(), value(entry.value()));
        }
        return struct.build();
    }

    private static Value value(ConfigNode node) throws BadValueException {
        Value.Builder value = Value.newBuilder();
        return switch (node) {
            case ConfigNode.Null n -> value.setNullValue(NullValue.NULL_VALUE).build();
            case ConfigNode.Bool bool -> value.setBoolValue(bool.value()).build();
            case ConfigNode.Number number ->
                    value.setNumberValue(Double.parseDouble(number.text())).build();
            case ConfigNode.Text text -> value.setStringValue(text.value()).build();
            case ConfigNode.Sequence sequence -> value.setListValue(list(sequence)).build();
            case ConfigNode.Mapping mapping -> value.setStructValue(struct(mapping)).build();
        };
    }

    private static ListValue list(ConfigNode node) throws BadValueException {
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            throw BadValueException.unexpected(node, "[");
        }
        ListValue.Builder list = ListValue.newBuilder();
        for (ConfigNode item : sequence.items()) {
            list.addValues(value(item));
        }
        return list.build();
    }

    /** The way back, for a TypedStruct whose Struct stands for some other message's JSON. */
    static ConfigNode node(Struct struct, SourcePosition position) {
        List<ConfigNode.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, Value> entry : struct.getFieldsMap().entrySet()) {
            ConfigNode value = node(entry.getValue(), position);
            entries.add(new ConfigNode.Entry(entry.getKey(), position, value));
        }
        return new ConfigNode.Mapping(entries, position);
    }

    private static ConfigNode node(Value value, SourcePosition position) {
        return switch (value.getKindCase()) {
            case BOOL_VALUE -> new ConfigNode.Bool(value.getBoolValue(), position);
            case NUMBER_VALUE -> new ConfigNode.Number(number(value.getNumberValue()), position);
            case STRING_VALUE -> new ConfigNode.Text(value.getStringValue(), position);
            case STRUCT_VALUE -> node(value.getStructValue(), position);
            case LIST_VALUE ->
                    new ConfigNode.Sequence(
                            value.getListValue().getValuesList().stream()
                                    .map(item -> node(item, position))
                                    .toList(),
                            position);
            case NULL_VALUE, KIND_NOT_SET -> new ConfigNode.Null(position);
        };
    }

    private static String number(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(number).toString()
                : Double.toString(number);
    }

    private static FieldDescriptor field(Message.Builder builder, String name) {
        return builder.getDescriptorForType().findFieldByName(name);
    }
}
