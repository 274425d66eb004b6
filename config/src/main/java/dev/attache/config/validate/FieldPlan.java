package dev.attache.config.validate;

import com.google.protobuf.WireFormat;
import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldRules;
import dev.attache.api.FieldRules.Anys;
import dev.attache.api.FieldRules.Booleans;
import dev.attache.api.FieldRules.Durations;
import dev.attache.api.FieldRules.Enums;
import dev.attache.api.FieldRules.Items;
import dev.attache.api.FieldRules.Numbers;
import dev.attache.api.FieldRules.Octets;
import dev.attache.api.FieldRules.Pairs;
import dev.attache.api.FieldRules.Strings;
import dev.attache.api.FieldRules.Timestamps;
import dev.attache.api.FieldType;
import dev.attache.api.FieldType.Kind;
import dev.attache.api.MessageType;
import dev.attache.config.validate.constraint.AnyCheck;
import dev.attache.config.validate.constraint.ConstantCheck;
import dev.attache.config.validate.constraint.CountCheck;
import dev.attache.config.validate.constraint.DurationCheck;
import dev.attache.config.validate.constraint.MalformedMessageException;
import dev.attache.config.validate.constraint.NumberCheck;
import dev.attache.config.validate.constraint.OctetsCheck;
import dev.attache.config.validate.constraint.Scalars;
import dev.attache.config.validate.constraint.StringCheck;
import dev.attache.config.validate.constraint.ValueCheck;
import dev.attache.config.validate.constraint.WrapperCheck;
import org.jspecify.annotations.Nullable;

/** What is to be looked at in one field, worked out once. Immutable, safe on any thread. */
final class FieldPlan {
    private static final String REQUIRED = "value is required";

    private final FieldType field;
    private final int order;
    private final boolean message;
    private final boolean number;
    private final boolean implicit;
    private final @Nullable FieldRules rules;

    /** Of a value; of each item; of the values of a map. */
    private final @Nullable ValueCheck check;

    final @Nullable ValueCheck keyCheck;
    final @Nullable CountCheck count;
    final boolean unique;

    /** What is wrong where the field is not set, or null. */
    final @Nullable String unset;

    /** Where the walk notes that it is set; negative where nobody asks. */
    int bit = -1;

    /** A bit for each such number of its enum; found when the first value is seen. */
    private volatile long plainValues;

    /** Found when the first value is walked through; whoever finds it twice finds the same. */
    private volatile @Nullable MessagePlan below;

    /**
     * @param order its place among the fields of its message
     */
    FieldPlan(FieldType field, int order) {
        this.field = field;
        this.order = order;
        this.message = field.kind() == Kind.MESSAGE;
        this.number = Scalars.isNumber(field.kind());
        this.implicit = !field.hasPresence() && !field.isRepeated() && !message;
        this.rules = field.rules();
        FieldRules.Check all = rules == null ? null : rules.check();
        Items items = field.isRepeated() && all instanceof Items i ? i : null;
        Pairs pairs = field.isMap() && all instanceof Pairs p ? p : null;
        this.unique = items != null && items.unique();
        this.count =
                items != null ? CountCheck.of(items) : pairs != null ? CountCheck.of(pairs) : null;
        if (field.isMap()) {
            this.keyCheck = pairs == null ? null : check(entry(1), pairs.keys());
            this.check = pairs == null ? null : check(entry(2), pairs.values());
        } else {
            this.keyCheck = null;
            this.check =
                    field.isRepeated()
                            ? items == null ? null : check(field, items.items())
                            : check(field, rules);
        }
        this.unset = unsetReason();
    }

    FieldType field() {
        return field;
    }

    int order() {
        return order;
    }

    Kind kind() {
        return field.kind();
    }

    boolean isMessage() {
        return message;
    }

    /** Whether its values are integers, booleans or enums. */
    boolean isNumber() {
        return number;
    }

    boolean isReal() {
        return field.kind() == Kind.DOUBLE || field.kind() == Kind.FLOAT;
    }

    /** Whether it may be there twice and mean both. */
    boolean isRepeatable() {
        return field.isRepeated() && !field.isMap();
    }

    @Nullable ValueCheck check() {
        return check;
    }

    /** Whether a value that equals the type's default is none. */
    boolean isImplicit() {
        return implicit;
    }

    /**
     * Whether a value that is written so is one of this field.
     *
     * @param wireType a number of {@link WireFormat}
     */
    boolean isWrittenAs(int wireType) {
        return wireType == field.kind().wireType()
                || wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED
                        && field.isRepeated()
                        && field.kind().isPackable();
    }

    /** Whether an enum's number has a value that is neither deprecated nor newer. */
    boolean isPlainValue(int number) {
        long values = plainValues;
        if (values == 0) {
            values = plainValues(field.enumeration());
            plainValues = values;
        }
        return number >= 0 && number < Long.SIZE && (values >>> number & 1) != 0;
    }

    private static long plainValues(EnumType type) {
        long plain = 0;
        for (EnumValue value : type.values()) {
            boolean small = value.number() >= 0 && value.number() < Long.SIZE;
            if (small && !value.isDeprecated() && !value.isNewer()) {
                plain |= 1L << value.number();
            }
        }
        return plain;
    }

    /** Whether the constraints of what it holds are left alone. */
    boolean skips() {
        return rules != null && rules.skipped();
    }

    /** The plan of what it holds; of a map the plan of its entries. */
    MessagePlan below() {
        MessagePlan known = below;
        if (known == null) {
            known = MessagePlan.of(field.message());
            below = known;
        }
        return known;
    }

    private FieldType entry(int number) {
        FieldType part = field.message().field(number);
        if (part == null) {
            throw new IllegalStateException(field.fullName() + " is no map");
        }
        return part;
    }

    private @Nullable String unsetReason() {
        if (field.isRepeated()) {
            return count == null ? null : count.wrong(0);
        }
        if (field.hasPresence()) {
            // Inside a oneof a field is only looked at when it is the one that is set.
            return field.oneof() == null && rules != null && isRequired(rules) ? REQUIRED : null;
        }
        try {
            return check == null ? null : Scalars.unset(check, field.kind());
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("a default value is well formed", e);
        }
    }

    private static boolean isRequired(FieldRules rules) {
        return rules.required()
                || rules.check() instanceof Durations durations && durations.required()
                || rules.check() instanceof Timestamps timestamps && timestamps.required()
                || rules.check() instanceof Anys anys && anys.required();
    }

    private static @Nullable ValueCheck check(FieldType field, @Nullable FieldRules rules) {
        FieldRules.Check check = rules == null ? null : rules.check();
        if (check == null) {
            return null;
        }
        if (field.kind() != Kind.MESSAGE) {
            return scalar(field, check);
        }
        if (check instanceof Durations durations) {
            return new DurationCheck(durations);
        }
        return check instanceof Anys anys ? new AnyCheck(anys) : wrapper(field.message(), check);
    }

    private static @Nullable ValueCheck wrapper(MessageType type, FieldRules.Check check) {
        FieldType wrapped =
                type.fullName().startsWith("google.protobuf.") && type.name().endsWith("Value")
                        ? type.field("value")
                        : null;
        ValueCheck inner = wrapped == null ? null : scalar(wrapped, check);
        return wrapped == null || inner == null ? null : new WrapperCheck(wrapped, inner);
    }

    /** Null for rules of other kinds: lists and maps are counted, messages have checks above. */
    private static @Nullable ValueCheck scalar(FieldType field, FieldRules.Check check) {
        if (check instanceof Numbers numbers) {
            return new NumberCheck(numbers);
        }
        if (check instanceof Strings strings) {
            return new StringCheck(strings);
        }
        if (check instanceof Octets octets) {
            return new OctetsCheck(octets);
        }
        if (check instanceof Booleans booleans) {
            return ConstantCheck.of(booleans);
        }
        return check instanceof Enums enums ? ConstantCheck.of(enums, field.enumeration()) : null;
    }
}
