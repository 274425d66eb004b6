package dev.attache.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import dev.attache.api.FieldType.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the message classes do not have, by name: the newer fields of a message, which its
 * class keeps as unknown ones, or a message of a newer type as a whole. Where a message class
 * exists for what a field holds it is used ({@link #message}), and its newer fields are read by an
 * overlay of their own.
 *
 * <p>As with generated getters, a field that is not set has its type's default, of a single value
 * that is there twice the last counts, and messages are merged. Numbers and flags are also read
 * from the wrappers of protobuf ({@code BoolValue}), where {@link #has} tells none from the
 * default. Immutable.
 *
 * <p>Its methods throw {@link IllegalArgumentException} when asked for a field that there is not,
 * or that is of another kind, and {@link IllegalStateException} when the bytes of a field are no
 * message of its type, which whoever checked the message has found.
 *
 * <p>Longer than files here should be: one method for each kind of field.
 */
public final class Overlay {
    private final MessageType type;
    private final UnknownFieldSet fields;
    private final boolean whole;

    private Overlay(MessageType type, UnknownFieldSet fields, boolean whole) {
        this.type = type;
        this.fields = fields;
        this.whole = whole;
    }

    /** The newer fields of a message; looks into no other. */
    public static Overlay of(Message holder) {
        return new Overlay(ApiTable.of(holder), holder.getUnknownFields(), false);
    }

    /**
     * A message as a whole.
     *
     * @throws InvalidProtocolBufferException if the bytes are no message
     */
    public static Overlay parse(MessageType type, ByteString bytes)
            throws InvalidProtocolBufferException {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        CodedInputStream in = bytes.newCodedInput();
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                supersede(type.field(WireFormat.getTagFieldNumber(tag)), fields);
                fields.mergeFieldFrom(tag, in);
            }
            in.checkLastTagWas(0);
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        return new Overlay(type, fields.build(), true);
    }

    /** A message as a whole, of bytes that were found to be one. */
    public static Overlay checked(MessageType type, ByteString bytes) {
        try {
            return parse(type, bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("no " + type.fullName(), e);
        }
    }

    /** Takes back what the field replaces: of a oneof the last one is set. */
    private static void supersede(@Nullable FieldType field, UnknownFieldSet.Builder fields) {
        if (field == null || field.oneof() == null) {
            return;
        }
        for (FieldType other : field.oneof().fields()) {
            if (other.number() != field.number() && fields.hasField(other.number())) {
                fields.clearField(other.number());
            }
        }
    }

    public MessageType type() {
        return type;
    }

    /** Whether a field is set; one without presence is where it is not its type's default. */
    public boolean has(String name) {
        if (fields.isEmpty()) {
            return false;
        }
        FieldType field = field(name);
        UnknownFieldSet.Field values = fields.getField(field.number());
        if (field.hasPresence() || field.isRepeated()) {
            return UnknownValues.isThere(field, values);
        }
        return field.kind().wireType() == WireFormat.WIRETYPE_LENGTH_DELIMITED
                ? !UnknownValues.last(values).isEmpty()
                : raw(field) != 0;
    }

    /** A bool, or what a {@code BoolValue} holds. */
    public boolean flag(String name) {
        return number(name) != 0;
    }

    /** An integer, the number of an enum's value, or what a wrapper of an integer holds. */
    public long number(String name) {
        if (fields.isEmpty()) {
            return 0;
        }
        FieldType field = field(name);
        if (field.kind() == Kind.MESSAGE) {
            Overlay wrapper = wrapper(field);
            return wrapper == null ? 0 : wrapper.number("value");
        }
        return number(field);
    }

    /** The name of an enum's value, or of its default; empty where the number has none. */
    public String choice(String name) {
        EnumValue value = field(name).enumeration().value((int) number(name));
        return value == null ? "" : value.name();
    }

    /** A double or a float, or what a wrapper of one holds. */
    public double real(String name) {
        if (fields.isEmpty()) {
            return 0;
        }
        FieldType field = field(name);
        return switch (field.kind()) {
            case MESSAGE -> {
                Overlay wrapper = wrapper(field);
                yield wrapper == null ? 0 : wrapper.real("value");
            }
            case FLOAT -> Float.intBitsToFloat((int) raw(field));
            case DOUBLE -> Double.longBitsToDouble(raw(field));
            default -> throw otherKind(field);
        };
    }

    /** A string, or what a {@code StringValue} holds. */
    public String text(String name) {
        if (fields.isEmpty()) {
            return "";
        }
        FieldType field = field(name);
        if (field.kind() == Kind.MESSAGE) {
            Overlay wrapper = wrapper(field);
            return wrapper == null ? "" : wrapper.text("value");
        }
        return UnknownValues.last(values(field, Kind.STRING)).toStringUtf8();
    }

    public ByteString bytes(String name) {
        return fields.isEmpty()
                ? ByteString.EMPTY
                : UnknownValues.last(values(field(name), Kind.BYTES));
    }

    /** A message that has a class; null where it is not set. */
    public <M extends Message> @Nullable M message(String name, M prototype) {
        ByteString bytes = fields.isEmpty() ? null : merged(field(name));
        return bytes == null ? null : typed(bytes, prototype);
    }

    /**
     * As {@link #message}, in a message that nobody has checked: one that a peer has sent.
     *
     * @throws InvalidProtocolBufferException if the bytes are no message
     */
    public <M extends Message> @Nullable M sentMessage(String name, M prototype)
            throws InvalidProtocolBufferException {
        ByteString bytes = fields.isEmpty() ? null : merged(field(name));
        return bytes == null ? null : parsed(bytes, prototype);
    }

    /** A message as a whole, with a class or without; null where it is not set. */
    public @Nullable Overlay overlay(String name) {
        return fields.isEmpty() ? null : overlay(field(name));
    }

    /** The strings of a repeated field. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (!fields.isEmpty()) {
            for (ByteString text : values(field(name), Kind.STRING).getLengthDelimitedList()) {
                texts.add(text.toStringUtf8());
            }
        }
        return texts;
    }

    /** The values of a repeated field of bytes. */
    public List<ByteString> octets(String name) {
        return fields.isEmpty()
                ? List.of()
                : values(field(name), Kind.BYTES).getLengthDelimitedList();
    }

    /** The integers of a repeated field, or the numbers of its enum's values. */
    public List<Long> numbers(String name) {
        return fields.isEmpty() ? List.of() : numbers(field(name));
    }

    /** The messages of a repeated field that have a class. */
    public <M extends Message> List<M> messages(String name, M prototype) {
        List<M> messages = new ArrayList<>();
        if (!fields.isEmpty()) {
            for (ByteString bytes : values(field(name), Kind.MESSAGE).getLengthDelimitedList()) {
                messages.add(typed(bytes, prototype));
            }
        }
        return messages;
    }

    /** The messages of a repeated field as wholes. */
    public List<Overlay> overlays(String name) {
        List<Overlay> overlays = new ArrayList<>();
        if (!fields.isEmpty()) {
            FieldType field = field(name);
            for (ByteString bytes : values(field, Kind.MESSAGE).getLengthDelimitedList()) {
                overlays.add(within(field, bytes));
            }
        }
        return overlays;
    }

    /**
     * The entries of a map by their keys, which are strings. What an entry maps to is its field
     * {@code value}.
     */
    public Map<String, Overlay> entries(String name) {
        Map<String, Overlay> entries = new LinkedHashMap<>();
        for (Overlay entry : overlays(name)) {
            entries.put(entry.text("key"), entry);
        }
        return entries;
    }

    private FieldType field(String name) {
        FieldType field = type.field(name);
        if (field == null || !whole && !field.isNewer()) {
            throw new IllegalArgumentException(
                    type.fullName() + " has no " + (whole ? "" : "newer ") + "field " + name);
        }
        return field;
    }

    private static IllegalArgumentException otherKind(FieldType field) {
        return new IllegalArgumentException(field.fullName() + " is " + field.kind());
    }

    private static void requireInteger(FieldType field) {
        switch (field.kind()) {
            case DOUBLE, FLOAT, STRING, BYTES, MESSAGE, GROUP -> throw otherKind(field);
            default -> {}
        }
    }

    private long number(FieldType field) {
        requireInteger(field);
        return UnknownValues.decode(field.kind(), raw(field));
    }

    private List<Long> numbers(FieldType field) {
        requireInteger(field);
        return UnknownValues.numbers(field, fields.getField(field.number()));
    }

    private long raw(FieldType field) {
        return UnknownValues.raw(field, fields.getField(field.number()));
    }

    private UnknownFieldSet.Field values(FieldType field, Kind kind) {
        if (field.kind() != kind) {
            throw otherKind(field);
        }
        return fields.getField(field.number());
    }

    /** The content of a single message, or null where it is not set. */
    private @Nullable ByteString merged(FieldType field) {
        List<ByteString> spans = values(field, Kind.MESSAGE).getLengthDelimitedList();
        return switch (spans.size()) {
            case 0 -> null;
            case 1 -> spans.getFirst();
            default -> ByteString.copyFrom(spans); // messages behind each other are merged
        };
    }

    private @Nullable Overlay overlay(FieldType field) {
        ByteString bytes = merged(field);
        return bytes == null ? null : within(field, bytes);
    }

    private @Nullable Overlay wrapper(FieldType field) {
        String wrapped = field.message().fullName();
        if (!wrapped.startsWith("google.protobuf.") || !wrapped.endsWith("Value")) {
            throw otherKind(field);
        }
        return overlay(field);
    }

    private static Overlay within(FieldType field, ByteString bytes) {
        return checked(field.message(), bytes);
    }

    @SuppressWarnings("unchecked") // the prototype's parser makes messages of its class
    private static <M extends Message> M parsed(ByteString bytes, M prototype)
            throws InvalidProtocolBufferException {
        return (M) prototype.getParserForType().parseFrom(bytes);
    }

    private static <M extends Message> M typed(ByteString bytes, M prototype) {
        try {
            return parsed(bytes, prototype);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("no " + prototype.getClass().getName(), e);
        }
    }
}
