package dev.attache.config.validate;

import com.google.protobuf.ByteString;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType.Kind;
import dev.attache.api.Guard;
import dev.attache.api.MessageType;
import dev.attache.config.support.SupportTable;
import dev.attache.config.validate.constraint.AnyContent;
import dev.attache.config.validate.constraint.MalformedMessageException;
import dev.attache.config.validate.constraint.Scalars;
import dev.attache.config.validate.constraint.ValueCheck;
import dev.attache.config.validate.constraint.WireReader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Goes over the bytes of one message once, and notes what is to be said about it. A clean field
 * costs no object. Used by one thread, once.
 *
 * <p>Bytes that came from elsewhere are brought into protobuf's own order first where they are not
 * in it: a single field may be there twice, and one that the message's class does not know stands
 * behind all others.
 */
final class Walk {
    /** Constraints are checked. */
    static final int CONSTRAINTS = 1;

    /** Deprecated fields and values are noted. */
    static final int DEPRECATION = 1 << 1;

    /** What is not supported is noted. */
    static final int SUPPORT = 1 << 2;

    /** Fields that nobody knows are noted. */
    static final int UNKNOWN = 1 << 3;

    /** The content of Anys is looked at for fields that nobody knows. */
    static final int ANYS = 1 << 4;

    /** The bytes may be in any order. */
    static final int RAW = 1 << 5;

    /** The message is part of a matcher. */
    static final int MATCHER = 1 << 6;

    /** The message is part of a security setting. */
    static final int SECURITY = 1 << 7;

    /** What the content of an Any has of the message that holds it. */
    private static final int INHERITED = UNKNOWN | ANYS | MATCHER | SECURITY;

    /** Far above what protobuf reads in one message; Anys within Anys add to it. */
    private static final int MAX_DEPTH = 250;

    private final Findings findings;
    private final SupportTable declared;
    private final ConstraintRemarks constraints;
    private final FieldRemarks remarks;
    private final Function<String, @Nullable MessageType> types;
    private final WireReader scan = new WireReader();

    /**
     * @param declared what users' extensions declare
     * @param types the type of an Any's content by its full name, or null
     */
    Walk(Findings findings, SupportTable declared, Function<String, @Nullable MessageType> types) {
        this.findings = findings;
        this.declared = declared;
        this.constraints = new ConstraintRemarks(findings);
        this.remarks = new FieldRemarks(findings);
        this.types = types;
    }

    /**
     * @param path where the message stands
     */
    void root(MessageType type, ByteString bytes, String path, int flags) {
        Frame frame = Frame.root(path);
        byte[] array = bytes.toByteArray();
        MessagePlan plan = MessagePlan.of(type);
        try {
            enter(frame, plan, array, 0, array.length, flags);
        } catch (MalformedMessageException e) {
            findings.unreadable(frame.place(), type);
        }
    }

    private void enter(Frame frame, MessagePlan plan, byte[] bytes, int from, int to, int flags)
            throws MalformedMessageException {
        if (frame.depth() > MAX_DEPTH) {
            throw new MalformedMessageException("nested too deeply");
        }
        int kept = plan.type().unchecked() ? flags & ~CONSTRAINTS : flags;
        frame.open(plan, kept | plan.guard());
        frame.in.open(bytes, from, to);
        if (plan.isAny()) {
            any(frame, bytes, from, to);
        } else {
            message(frame);
        }
    }

    private void message(Frame frame) throws MalformedMessageException {
        if (frame.has(SUPPORT) && !declared.isEmpty() && !frame.plan().isDeclared()) {
            frame.support = declared.find(frame.plan().type().fullName());
        }
        WireReader in = frame.in;
        if (frame.has(RAW)) {
            sort(frame, in.position());
        }
        while (in.hasMore()) {
            int start = in.position();
            int tag = in.tag();
            int number = WireFormat.getTagFieldNumber(tag);
            FieldPlan field = frame.plan().field(number);
            boolean twice =
                    field != null && number == frame.lastNumber && !field.field().isRepeated();
            if (!frame.canonical && (number < frame.lastNumber || twice)) {
                sort(frame, start);
                continue;
            }
            frame.lastNumber = number;
            if (field == null || !field.isWrittenAs(WireFormat.getTagWireType(tag))) {
                frame.noteUnknown(number);
                in.skip(tag);
                continue;
            }
            if (field != frame.field) {
                constraints.leave(frame);
                frame.begin(field);
            }
            values(frame, field, WireFormat.getTagWireType(tag));
        }
        constraints.leave(frame);
        end(frame);
    }

    /** Sees to it that the fields from a place on are in order. */
    private void sort(Frame frame, int from) throws MalformedMessageException {
        WireReader in = frame.in;
        scan.open(in.bytes, from, in.end());
        if (CanonicalFields.are(frame.plan(), scan)) {
            in.open(in.bytes, from, in.end());
        } else {
            scan.open(in.bytes, from, in.end());
            byte[] sorted = CanonicalFields.of(frame.plan(), scan);
            in.open(sorted, 0, sorted.length);
        }
        frame.canonical = true;
        frame.lastNumber = 0;
    }

    private void values(Frame frame, FieldPlan field, int wireType)
            throws MalformedMessageException {
        WireReader in = frame.in;
        if (field.isMessage()) {
            in.span();
            remarks.begin(frame, field, in);
            if (field.field().isMap()) {
                entry(frame, field, in.bytes, in.spanStart, in.spanEnd);
            } else {
                item(frame, field, in.bytes, in.spanStart, in.spanEnd);
            }
        } else if (wireType == field.kind().wireType()) {
            scalar(frame, field, in);
        } else {
            in.span();
            WireReader packed = frame.packed();
            packed.open(in.bytes, in.spanStart, in.spanEnd);
            while (packed.hasMore()) {
                scalar(frame, field, packed);
            }
        }
    }

    private void scalar(Frame frame, FieldPlan field, WireReader in)
            throws MalformedMessageException {
        ValueCheck check = frame.has(CONSTRAINTS) ? field.check() : null;
        if (field.isNumber()) {
            long number = Scalars.number(field.kind(), in);
            if (number != 0 || !field.isImplicit()) {
                remarks.begin(frame, field, in);
                remarks.number(frame, field, (int) number);
                constraints.unique(frame, field, number);
                constraints.judge(frame, field, check == null ? null : check.number(number));
            }
        } else if (field.isReal()) {
            double real = Scalars.real(field.kind(), in);
            if (Double.doubleToRawLongBits(real) != 0 || !field.isImplicit()) {
                remarks.begin(frame, field, in);
                constraints.unique(frame, field, Double.doubleToLongBits(real));
                constraints.judge(frame, field, check == null ? null : check.real(real));
            }
        } else {
            in.span();
            if (in.spanStart != in.spanEnd || !field.isImplicit()) {
                remarks.begin(frame, field, in);
                letters(frame, field, in.bytes, in.spanStart, in.spanEnd);
                constraints.unique(frame, field, in.bytes, in.spanStart, in.spanEnd);
                constraints.judge(
                        frame,
                        field,
                        check == null ? null : check.span(in.bytes, in.spanStart, in.spanEnd));
            }
        }
    }

    /** A string that no class has read yet must be one. */
    private void letters(Frame frame, FieldPlan field, byte[] bytes, int from, int to) {
        if (field.kind() == Kind.STRING
                && field.field().isNewer()
                && !ByteString.copyFrom(bytes, from, to - from).isValidUtf8()) {
            findings.unreadable(frame.valuePlace(), frame.plan().type());
        }
    }

    private void item(Frame frame, FieldPlan field, byte[] bytes, int from, int to)
            throws MalformedMessageException {
        constraints.unique(frame, field, bytes, from, to);
        ValueCheck check = frame.has(CONSTRAINTS) ? field.check() : null;
        constraints.judge(frame, field, check == null ? null : check.span(bytes, from, to));
        descend(frame, field, field.below(), bytes, from, to);
    }

    private void entry(Frame frame, FieldPlan field, byte[] bytes, int from, int to)
            throws MalformedMessageException {
        MapEntry entry = frame.entry();
        entry.read(field.below(), bytes, from, to);
        if (frame.has(CONSTRAINTS)) {
            constraints.judge(frame, field, entry.key.check(field.keyCheck));
            constraints.judge(frame, field, entry.value.check(field.check()));
        }
        FieldPlan value = entry.value.field();
        if (value.isMessage()) {
            MapEntry.Part part = entry.value;
            descend(frame, field, value.below(), part.bytes(), part.from(), part.to());
        } else {
            remarks.number(frame, value, entry.value.number());
        }
    }

    private void descend(
            Frame frame, FieldPlan field, MessagePlan below, byte[] bytes, int from, int to)
            throws MalformedMessageException {
        int flags = field.skips() ? frame.flags & ~CONSTRAINTS : frame.flags;
        if (frame.isJudged()) {
            flags &= ~SUPPORT;
        }
        if (!field.field().isNewer() || frame.has(RAW)) {
            enter(frame.below(), below, bytes, from, to, flags);
            return;
        }
        try {
            enter(frame.below(), below, bytes, from, to, flags | RAW);
        } catch (MalformedMessageException e) {
            findings.unreadable(frame.valuePlace(), below.type());
        }
    }

    /** Looks into an Any, if that is asked for, for fields that nobody knows. */
    private void any(Frame frame, byte[] bytes, int from, int to) throws MalformedMessageException {
        if (!frame.has(ANYS)) {
            return;
        }
        AnyContent any = AnyContent.read(bytes, from, to);
        MessageType type = types.apply(any.typeName());
        if (type == null) {
            return; // the look-up of its extension says so
        }
        int flags = frame.flags & INHERITED | RAW;
        try {
            enter(frame.below(), MessagePlan.of(type), bytes, any.from(), any.to(), flags);
        } catch (MalformedMessageException e) {
            findings.unreadable(frame.place(), type);
        }
    }

    /** What there is to say when all that is set has been seen. */
    private void end(Frame frame) {
        if (frame.has(CONSTRAINTS)) {
            constraints.end(frame);
        }
        if (frame.has(DEPRECATION)) {
            remarks.end(frame);
        }
        if (frame.unknown != null && frame.has(UNKNOWN)) {
            Guard guard =
                    frame.has(SECURITY)
                            ? Guard.SECURITY
                            : frame.has(MATCHER) ? Guard.MATCHER : Guard.NONE;
            findings.unknown(frame.place(), frame.plan().type(), frame.unknown, guard);
        }
    }
}
