package dev.attache.config.validate.constraint;

import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldRules.Booleans;
import dev.attache.api.FieldRules.Enums;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The constraints of booleans and enums. */
public final class ConstantCheck {
    private ConstantCheck() {}

    public static @Nullable ValueCheck of(Booleans rules) {
        Boolean expected = rules.constant();
        if (expected == null) {
            return null;
        }
        return new ValueCheck() {
            @Override
            public @Nullable String number(long value) {
                return value != 0 == expected ? null : "value must equal " + expected;
            }
        };
    }

    public static ValueCheck of(Enums rules, EnumType type) {
        return new ValueCheck() {
            @Override
            public @Nullable String number(long value) {
                return wrong(rules, type, (int) value);
            }
        };
    }

    private static @Nullable String wrong(Enums rules, EnumType type, int number) {
        Integer expected = rules.constant();
        if (expected != null && expected != number) {
            return "value must equal " + name(type, expected);
        }
        if (rules.definedOnly() && type.value(number) == null) {
            return "value must be one of the defined enum values";
        }
        if (!rules.in().isEmpty() && !rules.in().contains(number)) {
            return "value must be in list " + names(type, rules.in());
        }
        return rules.notIn().contains(number)
                ? "value must not be in list " + names(type, rules.notIn())
                : null;
    }

    private static String names(EnumType type, List<Integer> numbers) {
        StringJoiner names = new StringJoiner(" ", "[", "]");
        for (int number : numbers) {
            names.add(name(type, number));
        }
        return names.toString();
    }

    private static String name(EnumType type, int number) {
        EnumValue value = type.value(number);
        return value == null ? Integer.toString(number) : value.name();
    }
}
