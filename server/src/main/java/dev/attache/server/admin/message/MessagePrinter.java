package dev.attache.server.admin.message;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.json.JsonOut;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints one message as Envoy does: the names of the proto files, fields in the order of their
 * numbers, one space for each level, Anys with their content. Goes on member by member, so that
 * whoever prints decides how much at a time; each level that is open is an entry of a stack. Used
 * by one thread at a time.
 *
 * <p>Fields that the table does not have are not printed. The content of an Any whose type is not
 * known, which fails Envoy's whole page, stays as its bytes.
 */
public final class MessagePrinter {
    /** Of which some may be resources that are searched in vain. */
    private static final int MAX_STEPS = 300;

    private static final int TYPE_URL = 1;
    private static final int VALUE = 2;

    final JsonOut out = new JsonOut();
    private final KnownTypes types;
    private final boolean redacting;
    private final boolean withDefaults;
    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private @Nullable Part next;

    private MessagePrinter(KnownTypes types, Part part, boolean redacting, boolean withDefaults) {
        this.types = types;
        this.next = part;
        this.redacting = redacting;
        this.withDefaults = withDefaults;
    }

    /** Prints what is set; of what the API marks as sensitive only that it is there. */
    public static MessagePrinter redacting(KnownTypes types, Part part) {
        return new MessagePrinter(types, part, true, false);
    }

    /** Prints what is set. */
    public static MessagePrinter plain(KnownTypes types, Part part) {
        return new MessagePrinter(types, part, false, false);
    }

    /** Prints scalars and lists that are not set, too. */
    public static MessagePrinter withDefaults(KnownTypes types, Part part) {
        return new MessagePrinter(types, part, false, true);
    }

    /**
     * Prints on until there is about that much, or nothing is left, or much has been looked at
     * without a result.
     *
     * @param enough in bytes
     * @return UTF-8, which may be empty; null when nothing was left
     */
    public byte @Nullable [] next(int enough) {
        boolean more = true;
        for (int steps = 0; more && steps < MAX_STEPS && out.size() < enough; steps++) {
            more = step();
        }
        return more || out.size() > 0 ? out.take() : null;
    }

    private boolean step() {
        Part part = next;
        if (part != null) {
            next = null;
            open(part);
            return true;
        }
        Level level = levels.peek();
        if (level == null) {
            return false;
        }
        if (!level.step()) {
            levels.pop();
            level.close(levels);
            if (levels.isEmpty()) {
                out.raw('\n');
            }
        }
        return true;
    }

    int depth() {
        return levels.size();
    }

    boolean withDefaults() {
        return withDefaults;
    }

    void push(Level level) {
        levels.push(level);
    }

    void open(Part part) {
        switch (part) {
            case Part.Whole whole -> open(whole.message(), whole.typeUrl(), false);
            case Part.Growing growing -> push(new GrowingLevel(this, growing));
        }
    }

    /** Whether a field of a message is to be treated as sensitive. */
    boolean isSensitive(FieldType field, boolean within) {
        return within || redacting && field.isSensitive();
    }

    /** Prints a value that is not packed, or begins it as a level of its own. */
    void value(WireField value, boolean sensitive) {
        if (value.field().kind() == FieldType.Kind.MESSAGE) {
            open(value.message(), null, sensitive);
        } else if (sensitive && Scalars.isReplaceable(value.field())) {
            Scalars.redacted(out, value.field());
        } else {
            Scalars.write(out, value);
        }
    }

    private void open(MessageBytes message, @Nullable String typeUrl, boolean sensitive) {
        Form form = Form.of(message.type());
        if (typeUrl != null && form.isMemberOfAny()) {
            push(new AnyLevel(this, typeUrl, message, sensitive));
            return;
        }
        switch (form) {
            case FIELDS -> fields(message, typeUrl, sensitive);
            case ANY -> any(message, sensitive);
            case WRAPPER -> wrapper(message, sensitive);
            case VALUE -> ofAnyKind(ValueKind.of(message), sensitive);
            case STRUCT -> push(new MapLevel(this, message.fields(), sensitive));
            case LIST -> push(new ItemsLevel(this, message.fields(), sensitive));
            case TIMESTAMP, DURATION -> time(message, form, sensitive);
            case FIELD_MASK -> out.quote(TimeText.fieldMask(message));
            case TYPED_STRUCT -> typedStruct(message, typeUrl, sensitive);
        }
    }

    private void fields(MessageBytes message, @Nullable String typeUrl, boolean sensitive) {
        push(new FieldsLevel(this, FieldsLevel.shown(this, message), typeUrl, sensitive));
    }

    /** What an Any has as a member of its own. */
    void openWithin(MessageBytes content, boolean sensitive) {
        open(content, null, sensitive);
    }

    private void any(MessageBytes any, boolean sensitive) {
        WireField url = any.field(TYPE_URL);
        WireField value = any.field(VALUE);
        if (url == null || url.isZero()) {
            out.raw("{}");
            return;
        }
        String typeUrl = url.text();
        MessageType type = types.find(typeUrl);
        if (type == null) {
            push(new UnknownAnyLevel(this, typeUrl, sensitive ? null : value));
        } else {
            MessageBytes content =
                    value == null ? MessageBytes.of(type, new byte[0]) : value.message(type);
            open(content, typeUrl, sensitive);
        }
    }

    private void wrapper(MessageBytes wrapper, boolean sensitive) {
        WireField value = wrapper.field(1);
        FieldType field = Objects.requireNonNull(wrapper.type().field(1), "a wrapper has a value");
        boolean hidden = sensitive && !Scalars.isReplaceable(field);
        if (value == null || hidden || sensitive && value.isZero()) {
            Scalars.unset(out, field);
        } else {
            value(value, sensitive);
        }
    }

    private void ofAnyKind(@Nullable WireField kind, boolean sensitive) {
        if (kind == null || ValueKind.isNull(kind) || ValueKind.isHidden(kind, sensitive)) {
            out.raw("null");
        } else {
            value(kind, sensitive);
        }
    }

    private void time(MessageBytes message, Form form, boolean sensitive) {
        if (sensitive) {
            out.quote(TimeText.unset(message.type()));
        } else {
            out.quote(
                    form == Form.DURATION
                            ? TimeText.duration(message)
                            : TimeText.timestamp(message));
        }
    }

    private void typedStruct(MessageBytes typed, @Nullable String typeUrl, boolean sensitive) {
        MessageBytes content = redacting ? types.spelledOut(typed) : null;
        if (content == null) {
            fields(typed, typeUrl, sensitive);
        } else {
            push(new TypedStructLevel(this, typed, typeUrl, content, sensitive));
        }
    }
}
