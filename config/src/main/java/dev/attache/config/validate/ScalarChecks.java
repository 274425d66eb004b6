package dev.attache.config.validate;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.EnumRules;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.FieldRules;
import dev.attache.config.api.NewerApi;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks of numbers, booleans and enums; strings and bytes are {@link TextChecks}. */
final class ScalarChecks {
    private ScalarChecks() {}

    static ValueCheck of(FieldDescriptor field, FieldRules rules) {
        return switch (rules.getTypeCase()) {
            case TYPE_NOT_SET, MAP, REPEATED, ANY, DURATION, TIMESTAMP -> Unchecked.NONE;
            case STRING -> TextChecks.string(rules.getString());
            case BYTES -> TextChecks.bytes(rules.getBytes());
            case ENUM -> enumeration(field, rules.getEnum());
            case BOOL ->
                    rules.getBool().hasConst() ? equal(rules.getBool().getConst()) : Unchecked.NONE;
            case FLOAT,
                    DOUBLE,
                    INT32,
                    INT64,
                    UINT32,
                    UINT64,
                    SINT32,
                    SINT64,
                    FIXED32,
                    FIXED64,
                    SFIXED32,
                    SFIXED64 ->
                    number(field, numberRules(rules));
        };
    }

    /** All numeric rule messages have the same field names, so one reading serves them all. */
    private static Message numberRules(FieldRules rules) {
        FieldDescriptor set =
                rules.getOneofFieldDescriptor(rules.getDescriptorForType().getOneofs().getFirst());
        return (Message) rules.getField(set);
    }

    private static ValueCheck equal(Object expected) {
        return value ->
                value.equals(expected)
                        ? Optional.empty()
                        : Optional.of("value must equal " + expected);
    }

    private static ValueCheck enumeration(FieldDescriptor field, EnumRules rules) {
        ValueCheck check = Unchecked.NONE;
        if (rules.getDefinedOnly()) {
            check =
                    check.and(value ->
                            isDefined((EnumValueDescriptor) value)
                                    ? Optional.empty()
                                    : Optional.of("value must be one of the defined enum values"));
        }
        if (rules.getInCount() > 0) {
            check = check.and(member(field, rules.getInList(), true));
        }
        return rules.getNotInCount() > 0
                ? check.and(member(field, rules.getNotInList(), false))
                : check;
    }

    private static boolean isDefined(EnumValueDescriptor value) {
        return value.getIndex() >= 0 || NewerApi.value(value.getType(), value.getNumber()) != null;
    }

    private static ValueCheck member(FieldDescriptor field, List<Integer> list, boolean in) {
        String names =
                list.stream()
                        .map(n ->
                                field.getEnumType().findValueByNumberCreatingIfUnknown(n).getName())
                        .collect(Collectors.joining(" "));
        String reason = "value must " + (in ? "" : "not ") + "be in list [" + names + "]";
        return value ->
                list.contains(((EnumValueDescriptor) value).getNumber()) == in
                        ? Optional.empty()
                        : Optional.of(reason);
    }

    private static ValueCheck number(FieldDescriptor field, Message rules) {
        ValueCheck check = bounds(field, rules);
        BigDecimal constant = bound(field, rules, "const");
        if (constant != null) {
            check = compare(field, constant, c -> c == 0, "value must equal ").and(check);
        }
        check = check.and(list(field, rules, "in", true)).and(list(field, rules, "not_in", false));
        boolean ignoreEmpty = (Boolean) rules.getField(descriptor(rules, "ignore_empty"));
        ValueCheck all = check;
        return ignoreEmpty
                ? value ->
                        decimal(field, value).signum() == 0 ? Optional.empty() : all.reason(value)
                : all;
    }

    private static ValueCheck bounds(FieldDescriptor field, Message rules) {
        BigDecimal lt = bound(field, rules, "lt");
        BigDecimal lte = bound(field, rules, "lte");
        BigDecimal gt = bound(field, rules, "gt");
        BigDecimal gte = bound(field, rules, "gte");
        BigDecimal high = lt != null ? lt : lte;
        BigDecimal low = gt != null ? gt : gte;
        if (low != null && high != null) {
            return range(field, new Range(low, gt != null, high, lt != null));
        }
        if (lt != null) {
            return compare(field, lt, c -> c < 0, "value must be less than ");
        }
        if (lte != null) {
            return compare(field, lte, c -> c <= 0, "value must be less than or equal to ");
        }
        if (gt != null) {
            return compare(field, gt, c -> c > 0, "value must be greater than ");
        }
        return gte == null
                ? Unchecked.NONE
                : compare(field, gte, c -> c >= 0, "value must be greater than or equal to ");
    }

    private record Range(BigDecimal low, boolean lowOpen, BigDecimal high, boolean highOpen) {
        boolean inside(BigDecimal value) {
            int toLow = value.compareTo(low);
            int toHigh = value.compareTo(high);
            boolean above = lowOpen ? toLow > 0 : toLow >= 0;
            boolean below = highOpen ? toHigh < 0 : toHigh <= 0;
            return low.compareTo(high) > 0 ? above || below : above && below;
        }

        String text() {
            return (low.compareTo(high) > 0
                            ? "value must be outside range "
                            : "value must be inside range ")
                    + (lowOpen ? "(" : "[")
                    + low.toPlainString()
                    + ", "
                    + high.toPlainString()
                    + (highOpen ? ")" : "]");
        }
    }

    private static ValueCheck range(FieldDescriptor field, Range range) {
        String reason = range.text();
        return value ->
                range.inside(decimal(field, value)) ? Optional.empty() : Optional.of(reason);
    }

    private static ValueCheck compare(
            FieldDescriptor field, BigDecimal bound, IntPredicate accepts, String words) {
        String reason = words + bound.toPlainString();
        return value ->
                accepts.test(decimal(field, value).compareTo(bound))
                        ? Optional.empty()
                        : Optional.of(reason);
    }

    private static ValueCheck list(FieldDescriptor field, Message rules, String name, boolean in) {
        List<?> raw = (List<?>) rules.getField(descriptor(rules, name));
        if (raw.isEmpty()) {
            return Unchecked.NONE;
        }
        List<BigDecimal> values = raw.stream().map(v -> decimal(field, v)).toList();
        String text = raw.stream().map(Object::toString).collect(Collectors.joining(" "));
        String reason = "value must " + (in ? "" : "not ") + "be in list [" + text + "]";
        return value ->
                values.contains(decimal(field, value)) == in
                        ? Optional.empty()
                        : Optional.of(reason);
    }

    private static @Nullable BigDecimal bound(FieldDescriptor field, Message rules, String name) {
        FieldDescriptor bound = descriptor(rules, name);
        return rules.hasField(bound) ? decimal(field, rules.getField(bound)) : null;
    }

    private static FieldDescriptor descriptor(Message rules, String name) {
        return rules.getDescriptorForType().findFieldByName(name);
    }

    /**
     * The value as a decimal, unsigned where the field is; NaN compares as greater than everything.
     */
    private static BigDecimal decimal(FieldDescriptor field, Object value) {
        return switch (value) {
            case Integer i -> BigDecimal.valueOf(isUnsigned(field) ? Integer.toUnsignedLong(i) : i);
            case Long l ->
                    isUnsigned(field)
                            ? new BigDecimal(Long.toUnsignedString(l))
                            : BigDecimal.valueOf(l);
            case Float f -> decimal(f.doubleValue());
            case Double d -> decimal(d);
            default -> throw new IllegalArgumentException("not a number: " + value);
        };
    }

    private static BigDecimal decimal(double value) {
        if (Double.isFinite(value)) {
            return new BigDecimal(value).stripTrailingZeros();
        }
        BigDecimal huge = BigDecimal.TEN.pow(400);
        return value < 0 ? huge.negate() : huge;
    }

    private static boolean isUnsigned(FieldDescriptor field) {
        return switch (field.getType()) {
            case UINT32, UINT64, FIXED32, FIXED64 -> true;
            default -> false;
        };
    }
}
