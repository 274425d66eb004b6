package dev.attache.config.validate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.FieldRules;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.MapRules;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.RepeatedRules;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the rules of a field into a check: presence, cardinality, and the value itself. */
final class FieldRuleCompiler {
    private FieldRuleCompiler() {}

    static MessageRules.FieldRule compile(FieldDescriptor field, FieldRules rules) {
        if (field.isMapField()) {
            return map(field, rules.getMap());
        }
        if (field.isRepeated()) {
            return repeated(field, rules.getRepeated());
        }
        return single(field, rules);
    }

    private static MessageRules.FieldRule single(FieldDescriptor field, FieldRules rules) {
        // Inside a oneof a field is only looked at when it is the one that is set.
        boolean required = required(rules) && field.getRealContainingOneof() == null;
        ValueCheck check = check(field, rules);
        String name = field.getName();
        return (message, violation) -> {
            boolean present = !field.hasPresence() || message.hasField(field);
            if (!present) {
                if (required) {
                    violation.accept(name, "value is required");
                }
                return;
            }
            check.reason(message.getField(field)).ifPresent(r -> violation.accept(name, r));
        };
    }

    private static boolean required(FieldRules rules) {
        return rules.getMessage().getRequired()
                || rules.getDuration().getRequired()
                || rules.getTimestamp().getRequired()
                || rules.getAny().getRequired();
    }

    private static MessageRules.FieldRule repeated(FieldDescriptor field, RepeatedRules rules) {
        ValueCheck check = rules.hasItems() ? check(field, rules.getItems()) : Unchecked.NONE;
        String name = field.getName();
        return (message, violation) -> {
            List<?> items = (List<?>) message.getField(field);
            if (items.isEmpty() && rules.getIgnoreEmpty()) {
                return;
            }
            size(rules, items.size()).ifPresent(r -> violation.accept(name, r));
            Set<Object> seen = new HashSet<>();
            for (int i = 0; i < items.size(); i++) {
                String item = name + "[" + i + "]";
                if (rules.getUnique() && !seen.add(items.get(i))) {
                    violation.accept(item, "repeated value must contain unique items");
                }
                check.reason(items.get(i)).ifPresent(r -> violation.accept(item, r));
            }
        };
    }

    private static Optional<String> size(RepeatedRules rules, int size) {
        boolean tooFew = rules.hasMinItems() && size < rules.getMinItems();
        boolean tooMany = rules.hasMaxItems() && size > rules.getMaxItems();
        if (!tooFew && !tooMany) {
            return Optional.empty();
        }
        if (rules.hasMinItems() && rules.hasMaxItems()) {
            return Optional.of(
                    rules.getMinItems() == rules.getMaxItems()
                            ? "value must contain exactly " + rules.getMinItems() + " item(s)"
                            : "value must contain between %d and %d items, inclusive"
                                    .formatted(rules.getMinItems(), rules.getMaxItems()));
        }
        return Optional.of(
                tooFew
                        ? "value must contain at least " + rules.getMinItems() + " item(s)"
                        : "value must contain no more than " + rules.getMaxItems() + " item(s)");
    }

    private static MessageRules.FieldRule map(FieldDescriptor field, MapRules rules) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        ValueCheck keys = rules.hasKeys() ? check(key, rules.getKeys()) : Unchecked.NONE;
        ValueCheck values = rules.hasValues() ? check(value, rules.getValues()) : Unchecked.NONE;
        String name = field.getName();
        return (message, violation) -> {
            List<?> entries = (List<?>) message.getField(field);
            if (entries.isEmpty() && rules.getIgnoreEmpty()) {
                return;
            }
            if (rules.hasMinPairs() && entries.size() < rules.getMinPairs()) {
                String reason = "value must contain at least " + rules.getMinPairs() + " pair(s)";
                violation.accept(name, reason);
            }
            if (rules.hasMaxPairs() && entries.size() > rules.getMaxPairs()) {
                String reason = "value must contain no more than " + rules.getMaxPairs();
                violation.accept(name, reason + " pair(s)");
            }
            for (Object entry : entries) {
                Message pair = (Message) entry;
                String item = name + "[" + pair.getField(key) + "]";
                keys.reason(pair.getField(key)).ifPresent(r -> violation.accept(item, r));
                values.reason(pair.getField(value)).ifPresent(r -> violation.accept(item, r));
            }
        };
    }

    /** Scalar rules on a wrapper such as UInt32Value mean the wrapped value. */
    private static ValueCheck check(FieldDescriptor field, FieldRules rules) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return ScalarChecks.of(field, rules);
        }
        String type = field.getMessageType().getFullName();
        if (rules.hasDuration()) {
            return TimeChecks.duration(rules.getDuration());
        }
        if (rules.hasAny() && rules.getAny().getInCount() > 0) {
            return TimeChecks.anyTypes(rules.getAny());
        }
        boolean wrapper = type.startsWith("google.protobuf.") && type.endsWith("Value");
        FieldDescriptor wrapped = field.getMessageType().findFieldByName("value");
        if (!wrapper || wrapped == null) {
            return Unchecked.NONE;
        }
        ValueCheck inner = ScalarChecks.of(wrapped, rules);
        return value -> inner.reason(((Message) value).getField(wrapped));
    }
}
