package dev.attache.server.admin.message;

import dev.attache.api.FieldType;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import dev.attache.server.admin.message.wire.WireFields;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of a message, behind its type where it is the content of an Any. */
class FieldsLevel extends Level {
    private final List<WireField> fields;
    private final boolean sensitive;
    private @Nullable String typeUrl;
    private int at;

    FieldsLevel(
            MessagePrinter printer,
            List<WireField> fields,
            @Nullable String typeUrl,
            boolean sensitive) {
        super(printer, "{}");
        this.fields = fields;
        this.typeUrl = typeUrl;
        this.sensitive = sensitive;
    }

    /** With those that have a default to show, too, where the printer wants them. */
    static List<WireField> shown(MessagePrinter printer, MessageBytes message) {
        List<WireField> all = message.fields();
        if (printer.withDefaults()) {
            for (FieldType field : message.type().fields()) {
                boolean shown = field.isRepeated() || !field.hasPresence();
                if (shown && all.stream().noneMatch(set -> set.field() == field)) {
                    all.add(WireField.unset(field));
                }
            }
            all.sort(Comparator.comparingInt(WireField::number));
        }
        return all;
    }

    @Override
    boolean step() {
        if (typeUrl != null) {
            key("@type");
            printer.out.quote(typeUrl);
            typeUrl = null;
            return true;
        }
        while (at < fields.size()) {
            int begin = at;
            at = WireFields.end(fields, begin);
            if (field(fields.subList(begin, at))) {
                return true;
            }
        }
        return false;
    }

    /** The number of the field that comes next; a great one when there is none. */
    int nextNumber() {
        return typeUrl != null
                ? 0
                : at < fields.size() ? fields.get(at).number() : Integer.MAX_VALUE;
    }

    private boolean field(List<WireField> values) {
        WireField first = values.getFirst();
        FieldType field = first.field();
        boolean hidden = printer.isSensitive(field, sensitive);
        if (field.isMap()) {
            key(field.name());
            printer.push(new MapLevel(printer, values, hidden));
            return true;
        }
        if (isLeftOut(first, hidden)) {
            return false;
        }
        key(field.name());
        if (field.isRepeated()) {
            printer.push(new ItemsLevel(printer, values, hidden));
        } else if (first.isZero() && !field.hasPresence()) {
            Scalars.unset(printer.out, field);
        } else {
            printer.value(first, hidden);
        }
        return true;
    }

    private boolean isLeftOut(WireField value, boolean hidden) {
        FieldType field = value.field();
        if (field.kind() == FieldType.Kind.MESSAGE) {
            return !field.isRepeated() && ValueKind.isLeftOut(field.message(), value, hidden);
        }
        if (hidden && !Scalars.isReplaceable(field)) {
            return true;
        }
        return !field.isRepeated()
                && !field.hasPresence()
                && value.isZero()
                && !printer.withDefaults();
    }
}
