package dev.attache.config.validate.constraint;

import dev.attache.api.FieldRules.Numbers;
import dev.attache.api.FieldType.Kind;
import java.math.BigDecimal;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The constraints of integers and of floating-point numbers. */
public final class NumberCheck extends ValueCheck {
    private final Numbers rules;
    private final boolean unsigned;
    private final boolean lists;

    public NumberCheck(Numbers rules) {
        this.rules = rules;
        this.unsigned = rules.kind() == Kind.UINT64 || rules.kind() == Kind.FIXED64;
        this.lists = !rules.in().isEmpty() || !rules.notIn().isEmpty();
    }

    @Override
    public @Nullable String number(long value) {
        if (rules.ignoreEmpty() && value == 0) {
            return null;
        }
        String wrong = compared(value, 0);
        return wrong != null || !lists ? wrong : listed(value);
    }

    @Override
    public @Nullable String real(double value) {
        if (rules.ignoreEmpty() && value == 0) {
            return null;
        }
        double positive = value + 0.0; // no negative zero
        String wrong = compared(0, positive);
        return wrong != null || !lists ? wrong : listed(positive);
    }

    /** One of the two is the value, as the rules' kind has it. */
    private @Nullable String compared(long integer, double real) {
        Number constant = rules.constant();
        if (constant != null && compare(integer, real, constant) != 0) {
            return "value must equal " + text(constant);
        }
        Number low = rules.gt() != null ? rules.gt() : rules.gte();
        Number high = rules.lt() != null ? rules.lt() : rules.lte();
        boolean above = low == null || compare(integer, real, low) >= (rules.gt() != null ? 1 : 0);
        boolean below =
                high == null || compare(integer, real, high) <= (rules.lt() != null ? -1 : 0);
        if (above && below) {
            return null;
        }
        if (low != null && high != null) {
            return range(low, high, above || below);
        }
        if (high != null) {
            return "value must be less than "
                    + (rules.lt() != null ? "" : "or equal to ")
                    + text(high);
        }
        return "value must be greater than "
                + (rules.gt() != null ? "" : "or equal to ")
                + (low == null ? "" : text(low));
    }

    /**
     * @param onOneSide whether the value keeps to one of the bounds, which is enough outside
     */
    private @Nullable String range(Number low, Number high, boolean onOneSide) {
        boolean outside = bounds(low, high) > 0;
        if (outside && onOneSide) {
            return null;
        }
        return "value must be "
                + (outside ? "outside" : "inside")
                + " range "
                + (rules.gt() != null ? "(" : "[")
                + text(low)
                + ", "
                + text(high)
                + (rules.lt() != null ? ")" : "]");
    }

    private @Nullable String listed(Number value) {
        if (!rules.in().isEmpty() && !rules.in().contains(value)) {
            return "value must be in list " + list(rules.in());
        }
        return rules.notIn().contains(value)
                ? "value must not be in list " + list(rules.notIn())
                : null;
    }

    /** NaN is greater than everything. */
    private int compare(long integer, double real, Number bound) {
        return bound instanceof Long limit
                ? order(integer, limit.longValue())
                : Double.compare(real, bound.doubleValue());
    }

    private int bounds(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? order(x.longValue(), y.longValue())
                : Double.compare(a.doubleValue(), b.doubleValue());
    }

    private int order(long a, long b) {
        return unsigned ? Long.compareUnsigned(a, b) : Long.compare(a, b);
    }

    private String list(List<Number> values) {
        StringJoiner list = new StringJoiner(" ", "[", "]");
        for (Number value : values) {
            list.add(
                    rules.kind() == Kind.FLOAT
                            ? Float.toString(value.floatValue())
                            : value instanceof Long ? text(value) : value.toString());
        }
        return list.toString();
    }

    private String text(Number bound) {
        if (bound instanceof Long integer) {
            return unsigned ? Long.toUnsignedString(integer) : Long.toString(integer);
        }
        double real = bound.doubleValue();
        return Double.isFinite(real)
                ? new BigDecimal(real).stripTrailingZeros().toPlainString()
                : bound.toString();
    }
}
