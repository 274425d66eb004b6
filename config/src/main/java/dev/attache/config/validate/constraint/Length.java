package dev.attache.config.validate.constraint;

import dev.attache.api.FieldRules;
import org.jspecify.annotations.Nullable;

/** How long strings and bytes may be. */
final class Length {
    private Length() {}

    static boolean isLimited(long exact, long min, long max) {
        return exact != FieldRules.UNLIMITED
                || min != FieldRules.UNLIMITED
                || max != FieldRules.UNLIMITED;
    }

    /**
     * What is wrong with a length, or null.
     *
     * @param unit what is counted, for the text
     */
    static @Nullable String wrong(long size, long exact, long min, long max, String unit) {
        long low = exact == FieldRules.UNLIMITED ? min : exact;
        long high = exact == FieldRules.UNLIMITED ? max : exact;
        if (size >= low && (high == FieldRules.UNLIMITED || size <= high)) {
            return null;
        }
        if (low == high) {
            return "value length must be " + low + " " + unit;
        }
        if (low == FieldRules.UNLIMITED) {
            return "value length must be at most " + high + " " + unit;
        }
        return high == FieldRules.UNLIMITED
                ? "value length must be at least " + low + " " + unit
                : "value length must be between "
                        + low
                        + " and "
                        + high
                        + " "
                        + unit
                        + ", inclusive";
    }
}
