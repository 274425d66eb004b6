package dev.attache.server.newer;

import dev.attache.api.EnumValue;
import dev.attache.api.FieldRules;
import dev.attache.api.FieldRules.Check;
import dev.attache.api.FieldRules.Durations;
import dev.attache.api.FieldRules.Enums;
import dev.attache.api.FieldRules.Items;
import dev.attache.api.FieldRules.Numbers;
import dev.attache.api.FieldRules.Pairs;
import dev.attache.api.FieldRules.Strings;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The least that a field may be set to, in terms of JSON: what its constraints ask, and of a
 * message no more than it requires.
 */
final class MinimalValues {
    private static final String WELL_KNOWN = "google.protobuf.";

    private MinimalValues() {}

    /** A value of the field; of a repeated one a list of one, of a map one entry. */
    static Object of(FieldType field) {
        Check check = field.rules() == null ? null : field.rules().check();
        if (field.isMap()) {
            Pairs pairs = check instanceof Pairs p ? p : null;
            FieldType key = part(field, "key");
            FieldType value = part(field, "value");
            return Map.of(
                    String.valueOf(single(key, pairs == null ? null : check(pairs.keys()))),
                    single(value, pairs == null ? null : check(pairs.values())));
        }
        if (field.isRepeated()) {
            return List.of(single(field, check instanceof Items i ? check(i.items()) : null));
        }
        return single(field, check);
    }

    /** A message with what it requires. */
    static Map<String, Object> of(MessageType type) {
        Map<String, Object> message = new LinkedHashMap<>();
        for (FieldType field : type.fields()) {
            if (field.oneof() == null && isRequired(field)) {
                message.put(field.name(), of(field));
            }
        }
        for (OneofType oneof : type.oneofs()) {
            if (oneof.isRequired()) {
                FieldType first = oneof.fields().getFirst();
                message.put(first.name(), of(first));
            }
        }
        return message;
    }

    private static FieldType part(FieldType map, String name) {
        return java.util.Objects.requireNonNull(map.message().field(name));
    }

    private static @Nullable Check check(@Nullable FieldRules rules) {
        return rules == null ? null : rules.check();
    }

    private static boolean isRequired(FieldType field) {
        FieldRules rules = field.rules();
        if (rules == null) {
            return false;
        }
        return rules.required()
                || switch (rules.check()) {
                    case Strings s -> s.minLen() > 0 || s.minBytes() > 0;
                    case Numbers n -> !field.hasPresence() && (n.gt() != null || n.gte() != null);
                    case Items i -> i.min() > 0;
                    case Pairs p -> p.min() > 0;
                    case Durations d -> d.required();
                    case FieldRules.Anys a -> a.required();
                    case Enums e -> !field.hasPresence() && e.notIn().contains(0);
                    case null, default -> false;
                };
    }

    private static Object single(FieldType field, @Nullable Check check) {
        return switch (field.kind()) {
            case BOOL -> true;
            case STRING -> text(check);
            case BYTES -> "YQ==";
            case ENUM -> constant(field, check);
            case MESSAGE, GROUP -> message(field.message(), check);
            case DOUBLE, FLOAT -> number(check);
            default -> number(check).longValue();
        };
    }

    private static Number number(@Nullable Check check) {
        if (!(check instanceof Numbers numbers)) {
            return 1;
        }
        if (!numbers.in().isEmpty()) {
            return numbers.in().getFirst();
        }
        if (numbers.gte() != null && numbers.gte().doubleValue() > 0) {
            return numbers.gte();
        }
        double above = numbers.gt() == null ? 0 : numbers.gt().doubleValue();
        Number most = numbers.lte() == null ? numbers.lt() : numbers.lte();
        return most != null && most.doubleValue() < above + 1 ? most.doubleValue() / 2 : above + 1;
    }

    private static String text(@Nullable Check check) {
        if (!(check instanceof Strings strings)) {
            return "a";
        }
        if (!strings.in().isEmpty()) {
            return strings.in().getFirst();
        }
        if (strings.format() == FieldRules.Format.URI) {
            return "http://a/";
        }
        String prefix = strings.prefix() == null ? "" : strings.prefix();
        return prefix + "a".repeat((int) Math.max(1, strings.minLen() - prefix.length()));
    }

    private static String constant(FieldType field, @Nullable Check check) {
        for (EnumValue value : field.enumeration().values()) {
            boolean allowed = !(check instanceof Enums e) || !e.notIn().contains(value.number());
            if (value.number() != 0 && allowed && !value.isDeprecated()) {
                return value.name();
            }
        }
        return field.enumeration().values().getFirst().name();
    }

    private static Object message(MessageType type, @Nullable Check check) {
        return switch (type.fullName()) {
            case WELL_KNOWN + "Duration" -> duration(check);
            case WELL_KNOWN + "Timestamp" -> "2026-01-01T00:00:00Z";
            case WELL_KNOWN + "Struct" -> Map.of("a", "b");
            case WELL_KNOWN + "Value" -> "a";
            case WELL_KNOWN + "ListValue" -> List.of("a");
            case WELL_KNOWN + "FieldMask" -> "a";
            case WELL_KNOWN + "Empty" -> Map.of();
            case WELL_KNOWN + "Any" -> Map.of("@type", "type.googleapis.com/google.protobuf.Empty");
            default ->
                    type.fullName().startsWith(WELL_KNOWN)
                            ? single(java.util.Objects.requireNonNull(type.field("value")), check)
                            : of(type);
        };
    }

    private static String duration(@Nullable Check check) {
        if (check instanceof Durations durations) {
            if (durations.gte() != null && durations.gte().toMillis() > 1000) {
                return durations.gte().toSeconds() + "s";
            }
            if (durations.lte() != null && durations.lte().toMillis() < 1000
                    || durations.lt() != null && durations.lt().toMillis() <= 1000) {
                return "0.001s";
            }
        }
        return "1s";
    }
}
