package dev.attache.config.validate;

import com.google.protobuf.WireFormat;
import dev.attache.config.validate.constraint.MalformedMessageException;
import dev.attache.config.validate.constraint.Scalars;
import dev.attache.config.validate.constraint.ValueCheck;
import dev.attache.config.validate.constraint.WireReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Key and value of one entry of a map, as they stand on the wire. Used again for each entry. */
final class MapEntry {
    private static final byte[] EMPTY = {};

    /** One of the two. What is not written has its type's default. */
    static final class Part {
        private @Nullable FieldPlan field;
        private long number;
        private double real;
        private byte[] bytes = EMPTY;
        private int from;
        private int to;

        private void reset(@Nullable FieldPlan part) {
            field = part;
            number = 0;
            real = 0;
            bytes = EMPTY;
            from = 0;
            to = 0;
        }

        private void read(WireReader in) throws MalformedMessageException {
            FieldPlan part = field();
            if (part.isNumber()) {
                number = Scalars.number(part.kind(), in);
            } else if (part.isReal()) {
                real = Scalars.real(part.kind(), in);
            } else {
                in.span();
                bytes = in.bytes;
                from = in.spanStart;
                to = in.spanEnd;
            }
        }

        FieldPlan field() {
            FieldPlan known = field;
            if (known == null) {
                throw new IllegalStateException("no entry of a map has been read");
            }
            return known;
        }

        int number() {
            return (int) number;
        }

        byte[] bytes() {
            return bytes;
        }

        int from() {
            return from;
        }

        int to() {
            return to;
        }

        @Nullable String check(@Nullable ValueCheck check) throws MalformedMessageException {
            if (check == null) {
                return null;
            }
            FieldPlan part = field();
            if (part.isNumber()) {
                return check.number(number);
            }
            return part.isReal() ? check.real(real) : check.span(bytes, from, to);
        }

        /** As a path shows it. */
        Object shown() {
            FieldPlan part = field();
            if (!part.isNumber()) {
                return new String(bytes, from, to - from, StandardCharsets.UTF_8);
            }
            return switch (part.kind()) {
                case BOOL -> number != 0;
                case UINT64, FIXED64 -> Long.toUnsignedString(number);
                default -> number;
            };
        }
    }

    final Part key = new Part();
    final Part value = new Part();

    private final WireReader in = new WireReader();

    /**
     * Reads an entry.
     *
     * @param plan of the entries
     */
    void read(MessagePlan plan, byte[] source, int from, int to) throws MalformedMessageException {
        key.reset(plan.field(1));
        value.reset(plan.field(2));
        in.open(source, from, to);
        while (in.hasMore()) {
            int tag = in.tag();
            Part part =
                    switch (WireFormat.getTagFieldNumber(tag)) {
                        case 1 -> key;
                        case 2 -> value;
                        default -> null;
                    };
            if (part != null && part.field().isWrittenAs(WireFormat.getTagWireType(tag))) {
                part.read(in);
            } else {
                in.skip(tag);
            }
        }
    }
}
