package dev.attache.config.validate;

import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be looked at in messages of one type, worked out when the first one is seen. Immutable
 * afterwards, safe on any thread.
 */
final class MessagePlan {
    /** Of the table's types. One of a user's jar may go, and is worked out each time. */
    private static final Map<MessageType, MessagePlan> PLANS = new ConcurrentHashMap<>();

    private static final int DENSE = 512;
    private static final String ANY = "google.protobuf.Any";
    private static final String SWITCH = "google.protobuf.BoolValue";

    /**
     * A oneof of which something must be set.
     *
     * @param bits where the walk notes its fields
     */
    record RequiredOneof(String name, int[] bits) {}

    private final MessageType type;
    private final boolean any;
    private final boolean toggle;
    private final int guard;
    private final boolean declared;
    private final @Nullable FieldPlan[] byNumber;
    private final List<FieldPlan> others = new ArrayList<>();
    private final int words;

    /** Fields of which something is wrong where they are not set, in the order of declaration. */
    final FieldPlan[] unset;

    /** Fields whose value, where they are not set, is deprecated. */
    final FieldPlan[] implied;

    final RequiredOneof[] oneofs;

    private MessagePlan(MessageType type) {
        this.type = type;
        this.any = type.fullName().equals(ANY);
        this.toggle = type.fullName().equals(SWITCH);
        this.guard =
                switch (type.guard()) {
                    case NONE -> 0;
                    case MATCHER -> Walk.MATCHER;
                    case SECURITY -> Walk.SECURITY;
                };
        List<FieldType> fields = type.fields();
        this.byNumber = new @Nullable FieldPlan[dense(fields)];
        List<FieldPlan> unset = new ArrayList<>();
        List<FieldPlan> implied = new ArrayList<>(0);
        boolean supported = false;
        int bits = 0;
        for (int i = 0; i < fields.size(); i++) {
            FieldPlan plan = new FieldPlan(fields.get(i), i);
            add(plan);
            supported |= fields.get(i).support() != null;
            if (plan.unset != null) {
                unset.add(plan);
            }
            if (fields.get(i).isDefaultDeprecated()) {
                implied.add(plan);
            }
            if (plan.unset != null || fields.get(i).isDefaultDeprecated()) {
                plan.bit = bits++;
            }
        }
        List<RequiredOneof> required = new ArrayList<>();
        for (OneofType oneof : type.oneofs()) {
            if (oneof.isRequired()) {
                required.add(new RequiredOneof(oneof.name(), bits(oneof, bits)));
                bits += oneof.fields().size();
            }
        }
        this.declared = supported;
        this.unset = unset.toArray(FieldPlan[]::new);
        this.implied = implied.toArray(FieldPlan[]::new);
        this.oneofs = required.toArray(RequiredOneof[]::new);
        this.words = (bits + Long.SIZE - 1) / Long.SIZE;
    }

    static MessagePlan of(MessageType type) {
        MessagePlan known = PLANS.get(type);
        if (known != null) {
            return known;
        }
        MessagePlan made = new MessagePlan(type);
        if (ApiTable.message(type.fullName()) != type) {
            return made;
        }
        MessagePlan other = PLANS.putIfAbsent(type, made);
        return other == null ? made : other;
    }

    private static int dense(List<FieldType> fields) {
        int highest = 0;
        for (FieldType field : fields) {
            if (field.number() <= DENSE) {
                highest = Math.max(highest, field.number());
            }
        }
        return highest + 1;
    }

    private void add(FieldPlan plan) {
        int number = plan.field().number();
        if (number < byNumber.length) {
            byNumber[number] = plan;
        } else {
            others.add(plan);
        }
    }

    private int[] bits(OneofType oneof, int first) {
        int[] bits = new int[oneof.fields().size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = first + i;
            FieldPlan plan = field(oneof.fields().get(i).number());
            if (plan != null) {
                plan.bit = bits[i];
            }
        }
        return bits;
    }

    MessageType type() {
        return type;
    }

    boolean isAny() {
        return any;
    }

    boolean isSwitch() {
        return toggle;
    }

    /** What a walk looks for in the message and below because of its guard, see {@link Walk}. */
    int guard() {
        return guard;
    }

    /** Whether the table says of its fields which are supported; else all that are not newer. */
    boolean isDeclared() {
        return declared;
    }

    /** How many words a walk needs to note which fields are set. */
    int words() {
        return words;
    }

    @Nullable FieldPlan field(int number) {
        if (number < byNumber.length) {
            return byNumber[number];
        }
        for (FieldPlan plan : others) {
            if (plan.field().number() == number) {
                return plan;
            }
        }
        return null;
    }
}
