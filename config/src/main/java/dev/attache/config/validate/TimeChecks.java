package dev.attache.config.validate;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.AnyRules;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.DurationRules;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Checks of durations and of the types an Any may hold. */
final class TimeChecks {
    private TimeChecks() {}

    static ValueCheck duration(DurationRules rules) {
        ValueCheck check = positive(rules);
        if (rules.hasConst()) {
            check = check.and(compare(rules.getConst(), c -> c == 0, "equal to"));
        }
        if (rules.hasGt() && rules.hasLt()
                || rules.hasGte() && rules.hasLte()
                || rules.hasGt() && rules.hasLte()
                || rules.hasGte() && rules.hasLt()) {
            return check.and(range(rules));
        }
        if (rules.hasLt()) {
            check = check.and(compare(rules.getLt(), c -> c < 0, "less than"));
        }
        if (rules.hasLte()) {
            check = check.and(compare(rules.getLte(), c -> c <= 0, "less than or equal to"));
        }
        if (rules.hasGt()) {
            check = check.and(compare(rules.getGt(), c -> c > 0, "greater than"));
        }
        if (rules.hasGte()) {
            check = check.and(compare(rules.getGte(), c -> c >= 0, "greater than or equal to"));
        }
        return check;
    }

    /** What Envoy says of a negative duration before it compares it with a bound. */
    private static ValueCheck positive(DurationRules rules) {
        if (!rules.hasGt() && !rules.hasGte()) {
            return Unchecked.NONE;
        }
        return value ->
                seconds((Message) value).signum() < 0
                        ? Optional.of("Invalid duration: Expected positive duration")
                        : Optional.empty();
    }

    private static ValueCheck range(DurationRules rules) {
        BigDecimal low = seconds(rules.hasGt() ? rules.getGt() : rules.getGte());
        BigDecimal high = seconds(rules.hasLt() ? rules.getLt() : rules.getLte());
        String text =
                "value must be inside range %s%s, %s%s"
                        .formatted(
                                rules.hasGt() ? "(" : "[",
                                text(rules.hasGt() ? rules.getGt() : rules.getGte()),
                                text(rules.hasLt() ? rules.getLt() : rules.getLte()),
                                rules.hasLt() ? ")" : "]");
        return value -> {
            BigDecimal v = seconds((Message) value);
            boolean above = v.compareTo(low) > (rules.hasGt() ? 0 : -1);
            boolean below = v.compareTo(high) < (rules.hasLt() ? 0 : 1);
            return above && below ? Optional.empty() : Optional.of(text);
        };
    }

    private static ValueCheck compare(Duration bound, IntPredicate accepts, String relation) {
        BigDecimal limit = seconds(bound);
        String reason = "value must be " + relation + " " + text(bound);
        return value ->
                accepts.test(seconds((Message) value).compareTo(limit))
                        ? Optional.empty()
                        : Optional.of(reason);
    }

    private static BigDecimal seconds(Message duration) {
        FieldDescriptor seconds = duration.getDescriptorForType().findFieldByNumber(1);
        FieldDescriptor nanos = duration.getDescriptorForType().findFieldByNumber(2);
        return BigDecimal.valueOf((Long) duration.getField(seconds))
                .add(BigDecimal.valueOf((Integer) duration.getField(nanos), 9));
    }

    /**
     * As Go prints a duration, which is how the generated texts came about: 0s, 1ms, 1m0s, 1h0m0s.
     */
    static String text(Duration duration) {
        long nanos = duration.getSeconds() * 1_000_000_000L + duration.getNanos();
        if (nanos == 0) {
            return "0s";
        }
        if (Math.abs(nanos) < 1_000) {
            return nanos + "ns";
        }
        if (Math.abs(nanos) < 1_000_000) {
            return decimal(nanos, 3) + "µs";
        }
        if (Math.abs(nanos) < 1_000_000_000) {
            return decimal(nanos, 6) + "ms";
        }
        long minutes = duration.getSeconds() / 60;
        String seconds = decimal(nanos - minutes * 60_000_000_000L, 9) + "s";
        if (minutes == 0) {
            return seconds;
        }
        String rest = minutes % 60 + "m" + seconds;
        return minutes < 60 ? rest : minutes / 60 + "h" + rest;
    }

    private static String decimal(long nanos, int scale) {
        BigDecimal value = BigDecimal.valueOf(nanos, scale).stripTrailingZeros();
        return value.toPlainString();
    }

    static ValueCheck anyTypes(AnyRules rules) {
        return value -> {
            String url = ((Any) value).getTypeUrl();
            return rules.getInList().contains(url)
                    ? Optional.empty()
                    : Optional.of(
                            "type URL must be in list ["
                                    + String.join(" ", rules.getInList())
                                    + "]");
        };
    }
}
