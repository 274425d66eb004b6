package dev.attache.config.validate;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** Where constraints do not hold: of values, of fields as a whole, and of what is not set. */
final class ConstraintRemarks {
    private static final String REPEATED = "repeated value must contain unique items";

    private final Findings findings;

    ConstraintRemarks(Findings findings) {
        this.findings = findings;
    }

    /** Looks for a value that is there before where values must differ. */
    void unique(Frame frame, FieldPlan field, long value) {
        if (field.unique && frame.has(Walk.CONSTRAINTS) && !frame.values().add(value)) {
            judge(frame, field, REPEATED);
        }
    }

    /** The same for a text, bytes or a message. */
    void unique(Frame frame, FieldPlan field, byte[] bytes, int from, int to) {
        if (field.unique
                && frame.has(Walk.CONSTRAINTS)
                && !frame.values().add(ByteString.copyFrom(bytes, from, to - from))) {
            judge(frame, field, REPEATED);
        }
    }

    /**
     * @param wrong what is wrong with the value at hand, or null
     */
    void judge(Frame frame, FieldPlan field, @Nullable String wrong) {
        if (wrong != null) {
            String name = field.field().name() + frame.valuePlace().suffix();
            Violation.Spot spot = new Violation.Spot(field.order(), frame.index, name);
            findings.violation(frame.place(), frame.plan().type(), spot, wrong);
        }
    }

    /** What there is to say of a field when its last value has been seen. */
    void leave(Frame frame) {
        FieldPlan field = frame.field;
        if (field != null && frame.set && field.count != null && frame.has(Walk.CONSTRAINTS)) {
            whole(frame, field, field.count.wrong(frame.index + 1L));
        }
    }

    /** What there is to say when all that is set has been seen. */
    void end(Frame frame) {
        MessagePlan plan = frame.plan();
        for (FieldPlan field : plan.unset) {
            if (!frame.isSet(field.bit)) {
                whole(frame, field, field.unset);
            }
        }
        for (MessagePlan.RequiredOneof oneof : plan.oneofs) {
            if (!isSet(frame, oneof)) {
                Violation.Spot spot = new Violation.Spot(Integer.MAX_VALUE, -1, oneof.name());
                findings.violation(frame.place(), plan.type(), spot, Violation.ONEOF_REQUIRED);
            }
        }
    }

    private void whole(Frame frame, FieldPlan field, @Nullable String wrong) {
        if (wrong != null) {
            Violation.Spot spot = new Violation.Spot(field.order(), -1, field.field().name());
            findings.violation(frame.place(), frame.plan().type(), spot, wrong);
        }
    }

    private static boolean isSet(Frame frame, MessagePlan.RequiredOneof oneof) {
        for (int bit : oneof.bits()) {
            if (frame.isSet(bit)) {
                return true;
            }
        }
        return false;
    }
}
