package dev.attache.api.build;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.FieldRules;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.KnownRegex;
import dev.attache.api.build.Addition.Attribute;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Constraints as the description writes them: the names of protoc-gen-validate, with the kind of
 * rule left out, which is that of the field's type.
 */
final class RuleText {
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    /** Rules of message types other than those of the message itself. */
    private static final Map<String, String> RULES =
            Map.ofEntries(
                    Map.entry("google.protobuf.DoubleValue", "double"),
                    Map.entry("google.protobuf.FloatValue", "float"),
                    Map.entry("google.protobuf.Int64Value", "int64"),
                    Map.entry("google.protobuf.UInt64Value", "uint64"),
                    Map.entry("google.protobuf.Int32Value", "int32"),
                    Map.entry("google.protobuf.UInt32Value", "uint32"),
                    Map.entry("google.protobuf.BoolValue", "bool"),
                    Map.entry("google.protobuf.StringValue", "string"),
                    Map.entry("google.protobuf.BytesValue", "bytes"),
                    Map.entry("google.protobuf.Any", "any"),
                    Map.entry("google.protobuf.Duration", "duration"),
                    Map.entry("google.protobuf.Timestamp", "timestamp"));

    private RuleText() {}

    /**
     * The rules of one value.
     *
     * @param type a scalar type, {@code enum}, or the full name of a message
     */
    static FieldRules value(String type, List<Attribute> attributes) {
        FieldRules.Builder rules = FieldRules.newBuilder();
        for (Attribute attribute : attributes) {
            String name = attribute.name();
            int dot = name.indexOf('.');
            String kind = dot < 0 ? kind(type, name) : name.substring(0, dot);
            FieldDescriptor field = FieldRules.getDescriptor().findFieldByName(kind);
            if (field == null) {
                throw attribute.position().wrong("\"" + name + "\" is no constraint");
            }
            set(rules.getFieldBuilder(field), attribute, name.substring(dot + 1));
        }
        return rules.build();
    }

    /**
     * Those of a message are {@code required} and {@code skip}, where its type has none of its own.
     */
    private static String kind(String type, String rule) {
        String kind = type.indexOf('.') < 0 ? type : RULES.get(type);
        boolean timed = "any".equals(kind) || "duration".equals(kind) || "timestamp".equals(kind);
        boolean ofMessage = rule.equals("skip") || rule.equals("required") && !timed;
        return kind == null || ofMessage ? "message" : kind;
    }

    /** The rules of a repeated field. */
    static FieldRules repeated(String type, List<Attribute> attributes) {
        FieldRules.Builder rules = FieldRules.newBuilder();
        for (Attribute attribute : attributes) {
            if (attribute.name().equals("items")) {
                rules.getRepeatedBuilder().setItems(value(type, attribute.nested()));
            } else {
                set(rules.getRepeatedBuilder(), attribute);
            }
        }
        return rules.build();
    }

    /** The rules of a map. */
    static FieldRules map(String key, String value, List<Attribute> attributes) {
        FieldRules.Builder rules = FieldRules.newBuilder();
        for (Attribute attribute : attributes) {
            switch (attribute.name()) {
                case "keys" -> rules.getMapBuilder().setKeys(value(key, attribute.nested()));
                case "values" -> rules.getMapBuilder().setValues(value(value, attribute.nested()));
                default -> set(rules.getMapBuilder(), attribute);
            }
        }
        return rules.build();
    }

    private static void set(Message.Builder rules, Attribute attribute) {
        set(rules, attribute, attribute.name());
    }

    private static void set(Message.Builder rules, Attribute attribute, String name) {
        FieldDescriptor rule = rules.getDescriptorForType().findFieldByName(name);
        if (rule == null) {
            throw attribute.position().wrong("\"" + attribute.name() + "\" is no constraint here");
        }
        List<String> values = attribute.values();
        if (rule.isRepeated()) {
            for (String value : values) {
                rules.addRepeatedField(rule, parse(attribute, rule, value));
            }
        } else if (values.isEmpty() && rule.getJavaType() == FieldDescriptor.JavaType.BOOLEAN) {
            rules.setField(rule, true);
        } else if (values.size() == 1) {
            rules.setField(rule, parse(attribute, rule, values.getFirst()));
        } else {
            throw attribute.position().wrong("\"" + attribute.name() + "\" takes one value");
        }
    }

    private static Object parse(Attribute attribute, FieldDescriptor rule, String text) {
        try {
            return switch (rule.getType()) {
                case STRING -> unquoted(text);
                case BYTES -> ByteString.copyFromUtf8(unquoted(text));
                case BOOL -> parseBoolean(text);
                case FLOAT -> Float.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case INT32, SINT32, SFIXED32 -> Integer.valueOf(text);
                case UINT32, FIXED32 -> Integer.parseUnsignedInt(text);
                case INT64, SINT64, SFIXED64 -> Long.valueOf(text);
                case UINT64, FIXED64 -> Long.parseUnsignedLong(text);
                case ENUM -> KnownRegex.valueOf(text).getValueDescriptor();
                case MESSAGE -> time(rule, text);
                case GROUP -> throw new IllegalArgumentException("no such type");
            };
        } catch (IllegalArgumentException e) {
            throw attribute
                    .position()
                    .wrong("\"" + text + "\" is no value of \"" + attribute.name() + "\"");
        }
    }

    private static String unquoted(String text) {
        if (!text.startsWith("\"")) {
            throw new IllegalArgumentException("not quoted");
        }
        return text.substring(1);
    }

    private static boolean parseBoolean(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("not a boolean");
        }
        return text.equals("true");
    }

    /** A duration, or a point in time since the epoch, in seconds: {@code 0.5s}. */
    private static Message time(FieldDescriptor rule, String text) {
        if (!text.endsWith("s")) {
            throw new IllegalArgumentException("no unit");
        }
        BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
        long whole = seconds.longValue();
        int nanos = seconds.subtract(BigDecimal.valueOf(whole)).multiply(NANOS).intValueExact();
        return rule.getMessageType().getFullName().equals("google.protobuf.Duration")
                ? Duration.newBuilder().setSeconds(whole).setNanos(nanos).build()
                : Timestamp.newBuilder().setSeconds(whole).setNanos(nanos).build();
    }
}
