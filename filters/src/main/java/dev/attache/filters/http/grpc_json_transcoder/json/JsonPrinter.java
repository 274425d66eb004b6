package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.EnumType;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Kind;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.WellKnown;
import dev.attache.proxy.stream.format.json.DecimalText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Prints messages as JSON, field by field in the order of their numbers. Immutable. */
public final class JsonPrinter {
    /**
     * How messages are printed. Immutable.
     *
     * @param whitespace lines and indentation
     * @param primitives fields that are not there, where that is the same as their default
     * @param enumsAsInts numbers instead of names
     * @param protoNames names as declared instead of JSON's
     */
    public record Options(
            boolean whitespace, boolean primitives, boolean enumsAsInts, boolean protoNames) {}

    private final Schema schema;
    private final Options options;

    public JsonPrinter(Schema schema, Options options) {
        this.schema = schema;
        this.options = options;
    }

    /**
     * The octets of the JSON text.
     *
     * @throws Unfit the bytes are no such message, or it has no JSON
     */
    public String print(MessageType type, byte[] bytes) throws Unfit {
        JsonOut out = new JsonOut(options.whitespace());
        message(out, WireMessage.read(type, bytes));
        out.line();
        return out.text();
    }

    private void message(JsonOut out, WireMessage message) throws Unfit {
        MessageType type = message.type();
        switch (type.wellKnown()) {
            case ANY -> any(out, message);
            case WRAPPER -> {
                FieldType field = type.mustHave(1);
                List<Object> values = message.values(field);
                single(out, field, values.isEmpty() ? unset(field) : values.getLast());
            }
            case VALUE -> value(out, message);
            case STRUCT -> map(out, message.values(type.mustHave(1)));
            case LIST_VALUE -> list(out, type.mustHave(1), message.values(type.mustHave(1)));
            case TIMESTAMP ->
                    out.quoted(TimeText.timestamp(number(message, 1), number(message, 2)));
            case DURATION -> out.quoted(TimeText.duration(number(message, 1), number(message, 2)));
            case FIELD_MASK -> fieldMask(out, message);
            default -> {
                out.open('{');
                boolean empty = fields(out, message, true);
                out.close('}', empty);
            }
        }
    }

    private static long number(WireMessage message, int field) {
        List<Object> values = message.values(message.type().mustHave(field));
        return values.isEmpty() ? 0 : (Long) values.getLast();
    }

    /** Whether it is the first still. */
    private boolean fields(JsonOut out, WireMessage message, boolean none) throws Unfit {
        boolean first = none;
        for (FieldType field : message.type().fields()) {
            List<Object> values = message.values(field);
            boolean shown =
                    !values.isEmpty()
                            || (options.primitives() && (field.repeated() || !field.presence()));
            if (!shown
                    || (!field.repeated()
                            && isEmptyValue(values.isEmpty() ? null : values.getLast()))) {
                continue;
            }
            out.item(first);
            first = false;
            out.name(options.protoNames() ? field.name() : field.jsonName());
            if (field.isMap()) {
                map(out, values);
            } else if (field.repeated()) {
                list(out, field, values);
            } else {
                single(out, field, values.isEmpty() ? unset(field) : values.getLast());
            }
        }
        return first;
    }

    /** A {@code google.protobuf.Value} that says nothing is passed over. */
    private static boolean isEmptyValue(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof WireMessage message
                && message.type().wellKnown() == WellKnown.VALUE
                && message.isEmpty();
    }

    private void list(JsonOut out, FieldType field, List<Object> values) throws Unfit {
        out.open('[');
        boolean first = true;
        for (Object value : values) {
            if (!isEmptyValue(value)) {
                out.item(first);
                first = false;
                single(out, field, value);
            }
        }
        out.close(']', first);
    }

    private void map(JsonOut out, List<Object> entries) throws Unfit {
        out.open('{');
        boolean first = true;
        for (Object each : entries) {
            WireMessage entry = (WireMessage) each;
            FieldType valueField = entry.type().mustHave(2);
            List<Object> values = entry.values(valueField);
            Object value = values.isEmpty() ? unset(valueField) : values.getLast();
            if (isEmptyValue(value)) {
                continue;
            }
            out.item(first);
            first = false;
            FieldType keyField = entry.type().mustHave(1);
            List<Object> keys = entry.values(keyField);
            Object key = keys.isEmpty() ? unset(keyField) : keys.getLast();
            out.quoted(key instanceof String text ? text : numeral(keyField.kind(), (Long) key));
            out.colon();
            single(out, valueField, value);
        }
        out.close('}', first);
    }

    /** What a field has that is not there. */
    private static Object unset(FieldType field) throws Unfit {
        return switch (field.kind()) {
            case TYPE_STRING, TYPE_BYTES -> "";
            case TYPE_MESSAGE, TYPE_GROUP -> WireMessage.read(field.messageType(), new byte[0]);
            default -> 0L;
        };
    }

    private void single(JsonOut out, FieldType field, Object value) throws Unfit {
        switch (value) {
            case WireMessage message -> message(out, message);
            case String octets -> {
                if (field.kind() == Kind.TYPE_BYTES) {
                    octets(out, octets);
                } else {
                    out.quoted(octets);
                }
            }
            case Long number -> number(out, field, number);
            default -> throw new IllegalStateException("no value of the wire: " + value);
        }
    }

    private static void octets(JsonOut out, String octets) {
        byte[] bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        out.raw("\"").raw(Base64.getEncoder().encodeToString(bytes)).raw("\"");
    }

    private void number(JsonOut out, FieldType field, long value) {
        switch (field.kind()) {
            case TYPE_DOUBLE -> {
                double floating = Double.longBitsToDouble(value);
                out.raw(
                        Double.isFinite(floating)
                                ? DecimalText.roundTrip(floating)
                                : name(floating));
            }
            case TYPE_FLOAT -> {
                float floating = Float.intBitsToFloat((int) value);
                out.raw(
                        Double.isFinite(floating)
                                ? DecimalText.roundTrip(floating)
                                : name(floating));
            }
            case TYPE_INT64, TYPE_SINT64, TYPE_SFIXED64, TYPE_UINT64, TYPE_FIXED64 ->
                    out.quoted(numeral(field.kind(), value));
            case TYPE_ENUM -> enumValue(out, field, (int) value);
            default -> out.raw(numeral(field.kind(), value));
        }
    }

    private static String numeral(Kind kind, long value) {
        return switch (kind) {
            case TYPE_BOOL -> value == 0 ? "false" : "true";
            case TYPE_UINT64, TYPE_FIXED64 -> Long.toUnsignedString(value);
            default -> Long.toString(value);
        };
    }

    private static String name(double notFinite) {
        String name = notFinite > 0 ? "Infinity" : "-Infinity";
        return '"' + (Double.isNaN(notFinite) ? "NaN" : name) + '"';
    }

    private void enumValue(JsonOut out, FieldType field, int value) {
        EnumType type = field.enumeration();
        String name = type == null || options.enumsAsInts() ? null : type.name(value);
        if (field.isNull()) {
            out.raw("null");
        } else if (name == null) {
            out.raw(Integer.toString(value));
        } else {
            out.quoted(name);
        }
    }

    private void value(JsonOut out, WireMessage message) throws Unfit {
        MessageType type = message.type();
        for (int number = 1; number <= 6; number++) {
            FieldType field = type.mustHave(number);
            List<Object> values = message.values(field);
            if (values.isEmpty()) {
                continue;
            }
            if (number == 1) {
                out.raw("null");
                return;
            }
            Object value = values.getLast();
            if (number == 2) {
                double floating = Double.longBitsToDouble((Long) value);
                if (!Double.isFinite(floating)) {
                    throw new Unfit(
                            "google.protobuf.Value cannot encode double values for "
                                    + (Double.isNaN(floating) ? "nan" : "infinity")
                                    + ", because it would be parsed as a string");
                }
            }
            single(out, field, value);
            return;
        }
    }

    private static void fieldMask(JsonOut out, WireMessage message) {
        out.raw("\"");
        boolean first = true;
        for (Object path : message.values(message.type().mustHave(1))) {
            out.raw(first ? "" : ",").raw(FieldMasks.camelCase((String) path));
            first = false;
        }
        out.raw("\"");
    }

    private void any(JsonOut out, WireMessage message) throws Unfit {
        String url = message.text(1);
        String content = message.text(2);
        if (message.isEmpty()) {
            out.raw("{}");
            return;
        }
        if (out.depth() > WireMessage.DEEPEST) {
            throw new Unfit("message nested too deep");
        }
        if (message.values(message.type().mustHave(1)).isEmpty()) {
            throw new Unfit("broken Any: missing type URL");
        }
        MessageType type = schema.resolve(url);
        if (type == null) {
            throw Unfit.unknownType(AnyBuilder.unresolved(url));
        }
        out.open('{');
        out.line();
        out.name("@type");
        out.quoted(url);
        WireMessage inner = WireMessage.read(type, content.getBytes(StandardCharsets.ISO_8859_1));
        if (type.wellKnown() == WellKnown.NONE) {
            fields(out, inner, false);
        } else {
            out.item(false);
            out.name("value");
            message(out, inner);
        }
        out.close('}', false);
    }
}
