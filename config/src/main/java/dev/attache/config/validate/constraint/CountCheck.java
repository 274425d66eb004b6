package dev.attache.config.validate.constraint;

import dev.attache.api.FieldRules;
import dev.attache.api.FieldRules.Items;
import dev.attache.api.FieldRules.Pairs;
import org.jspecify.annotations.Nullable;

/**
 * How many values a repeated field or a map may have.
 *
 * @param pairs whether it is a map
 * @param ignoreEmpty whether none is enough in any case
 */
public record CountCheck(long min, long max, boolean pairs, boolean ignoreEmpty) {
    public static @Nullable CountCheck of(Items rules) {
        return isLimited(rules.min(), rules.max())
                ? new CountCheck(rules.min(), rules.max(), false, rules.ignoreEmpty())
                : null;
    }

    public static @Nullable CountCheck of(Pairs rules) {
        return isLimited(rules.min(), rules.max())
                ? new CountCheck(rules.min(), rules.max(), true, rules.ignoreEmpty())
                : null;
    }

    private static boolean isLimited(long min, long max) {
        return min != FieldRules.UNLIMITED || max != FieldRules.UNLIMITED;
    }

    public @Nullable String wrong(long count) {
        boolean tooFew = count < min;
        boolean tooMany = max != FieldRules.UNLIMITED && count > max;
        if (!tooFew && !tooMany || count == 0 && ignoreEmpty) {
            return null;
        }
        String unit = pairs ? " pair(s)" : " item(s)";
        if (!pairs && min != FieldRules.UNLIMITED && max != FieldRules.UNLIMITED) {
            return min == max
                    ? "value must contain exactly " + min + unit
                    : "value must contain between " + min + " and " + max + " items, inclusive";
        }
        return tooFew
                ? "value must contain at least " + min + unit
                : "value must contain no more than " + max + unit;
    }
}
