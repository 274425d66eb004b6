package dev.attache.config.validate;

import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType.Kind;
import dev.attache.api.Support;
import dev.attache.config.support.MessageSupport;
import dev.attache.config.validate.constraint.MalformedMessageException;
import dev.attache.config.validate.constraint.WireReader;
import dev.attache.config.validate.constraint.WrapperCheck;

/** What there is to say of fields and enum values for being set: deprecated, not supported. */
final class FieldRemarks {
    private static final Support HONOURED = new Support(Support.Status.HONOURED, "");

    private final Findings findings;

    FieldRemarks(Findings findings) {
        this.findings = findings;
    }

    /**
     * Notes that a field has another value, and with the first one what there is to say of it.
     *
     * @param in where the value's span is, if it has one
     */
    void begin(Frame frame, FieldPlan field, WireReader in) throws MalformedMessageException {
        frame.index++;
        if (frame.set) {
            return;
        }
        frame.set = true;
        frame.note(field.bit);
        if (field.field().isDeprecated() && frame.has(Walk.DEPRECATION)) {
            findings.deprecated(
                    new Deprecation(
                            frame.fieldPlace(), frame.plan().type(), field.field(), null, false));
        }
        if (frame.has(Walk.SUPPORT)) {
            Support status = status(frame, field);
            frame.status = status;
            if (status.status() != Support.Status.HONOURED && !isOff(field, in)) {
                note(frame, status);
            }
        }
    }

    /** Notes which fields have a deprecated value for not being set. */
    void end(Frame frame) {
        for (FieldPlan field : frame.plan().implied) {
            if (!frame.isSet(field.bit)) {
                findings.deprecated(
                        new Deprecation(
                                frame.place().field(field.field()),
                                frame.plan().type(),
                                field.field(),
                                field.field().enumeration().value(0),
                                true));
            }
        }
    }

    private void note(Frame frame, Support status) {
        if (status.status() == Support.Status.REFUSED) {
            findings.refused(frame.fieldPlace(), frame.plan().type(), status.note());
        } else {
            findings.idle(frame.fieldPlace(), frame.plan().type(), status.note());
        }
    }

    private static Support status(Frame frame, FieldPlan field) {
        MessageSupport own = frame.support;
        if (own != null) {
            return own.status(field.field().name());
        }
        Support known = field.field().support();
        if (known != null) {
            return known;
        }
        // What is newer than the classes nobody reads as a whole.
        return frame.plan().isDeclared() || field.field().isNewer()
                ? MessageSupport.UNDECLARED
                : HONOURED;
    }

    /** Whether a value is newer than its enum's class; of an enum without one, nothing is. */
    private static boolean isAdded(EnumValue value) {
        if (value.isNewer()) {
            for (EnumValue other : value.type().values()) {
                if (!other.isNewer()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A switch that is off asks for nothing. */
    private static boolean isOff(FieldPlan field, WireReader in) throws MalformedMessageException {
        return field.isMessage()
                && field.below().isSwitch()
                && !WrapperCheck.isTrue(in.bytes, in.spanStart, in.spanEnd);
    }

    /**
     * Looks at a number, if it is an enum's: whether the value is deprecated, newer, or none of
     * those that there are, which must not act as another.
     *
     * @param field that has the enum: the one at hand, or the values of the map at hand
     */
    void number(Frame frame, FieldPlan field, int number) {
        if (field.kind() != Kind.ENUM || field.isPlainValue(number)) {
            return;
        }
        EnumType type = field.field().enumeration();
        EnumValue value = type.value(number);
        if (value != null && value.isDeprecated() && frame.has(Walk.DEPRECATION)) {
            findings.deprecated(
                    new Deprecation(
                            frame.valuePlace(), frame.plan().type(), field.field(), value, false));
        }
        Support status = frame.status;
        if (status == null || status.status() != Support.Status.HONOURED) {
            return;
        }
        if (value == null) {
            String reason = number + " is no value of " + type.fullName();
            findings.refused(frame.fieldPlace(), frame.plan().type(), reason);
        } else if (isAdded(value) && !status.values().contains(value.name())) {
            String reason = "its value " + value.name() + " is not supported";
            findings.refused(frame.fieldPlace(), frame.plan().type(), reason);
        }
    }
}
