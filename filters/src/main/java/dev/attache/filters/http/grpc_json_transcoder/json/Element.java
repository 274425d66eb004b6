package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.EnumType;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Kind;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message or a list that is being written, within others. */
final class Element {
    private static final int END_GROUP = 4;

    /** What an element, or a key that is remembered, takes beside its octets. */
    private static final int PRICE = 128;

    /** What it is to JSON. */
    enum Item {
        MESSAGE,
        MAP
    }

    final @Nullable Element parent;

    /** Of the parent; null at the root. */
    final @Nullable FieldType field;

    final MessageType type;
    final boolean list;
    final Item item;

    /** Opened and closed together with the element around it. */
    final boolean placeholder;

    /** Its own of a message; a list writes where its parent does. */
    final WireOut out;

    /** Of {@code google.protobuf.Any}. */
    @Nullable AnyBuilder any;

    private int index;
    private @Nullable Set<String> keys;
    private long keysHeld;
    private final boolean[] oneofs;
    private final @Nullable Set<FieldType> unset;

    private Element(
            @Nullable Element parent,
            @Nullable FieldType field,
            MessageType type,
            boolean list,
            Item item,
            boolean placeholder) {
        this.parent = parent;
        this.field = field;
        this.type = type;
        this.list = list;
        this.item = item;
        this.placeholder = placeholder;
        this.out = list && parent != null ? parent.out : new WireOut();
        this.index = list ? 0 : -1;
        this.oneofs = new boolean[type.oneofs().size()];
        this.unset = list || type.isProto3() || isScalar(field) ? null : required(type);
    }

    private static boolean isScalar(@Nullable FieldType field) {
        return field != null && !field.kind().isMessage();
    }

    static Element root(MessageType type) {
        return new Element(null, null, type, false, Item.MESSAGE, false);
    }

    private static Set<FieldType> required(MessageType type) {
        Set<FieldType> required = new HashSet<>();
        for (FieldType field : type.fields()) {
            if (field.required()) {
                required.add(field);
            }
        }
        return required;
    }

    Element child(FieldType of, boolean asList, Item as, boolean asPlaceholder) {
        if (!asList) {
            if (of.repeated()) {
                index += index >= 0 ? 1 : 0;
            } else {
                set(of);
            }
        }
        MessageType within = of.kind().isMessage() ? of.messageType() : type;
        return new Element(this, of, within, asList, as, asPlaceholder);
    }

    /** A field is there. */
    void set(FieldType of) {
        if (unset != null) {
            unset.remove(of);
        }
    }

    /** Whether a map has no such key yet; it has it from now on. */
    boolean takeKey(String key) {
        Set<String> seen = keys;
        if (seen == null) {
            seen = new HashSet<>();
            keys = seen;
        }
        boolean free = seen.add(key);
        keysHeld += free ? PRICE + key.length() : 0;
        return free;
    }

    /** Octets of heap, those of elements around it aside. */
    long held() {
        return PRICE
                + keysHeld
                + (list && parent != null ? 0 : out.capacity())
                + (any == null ? 0 : any.held());
    }

    boolean takeOneof(int oneof) {
        boolean free = !oneofs[oneof];
        oneofs[oneof] = true;
        return free;
    }

    /** Names of required fields that are not there. */
    List<String> missing() {
        List<String> names = new ArrayList<>();
        if (unset != null) {
            unset.forEach(each -> names.add(each.name()));
        }
        return names;
    }

    /** Writes a field that is no message. */
    void write(FieldType field, Scalar value, boolean enumsInAnyCase) throws Unfit {
        int number = field.number();
        int wireType = field.kind().wireType();
        switch (field.kind()) {
            case TYPE_INT32 -> varint(out, number, value.toInt32());
            case TYPE_UINT32 -> varint(out, number, value.toUint32() & 0xffffffffL);
            case TYPE_SINT32 -> {
                int signed = value.toInt32();
                varint(out, number, (signed << 1 ^ signed >> 31) & 0xffffffffL);
            }
            case TYPE_INT64 -> varint(out, number, value.toInt64());
            case TYPE_UINT64 -> varint(out, number, value.toUint64());
            case TYPE_SINT64 -> {
                long signed = value.toInt64();
                varint(out, number, signed << 1 ^ signed >> 63);
            }
            case TYPE_FIXED32, TYPE_SFIXED32, TYPE_FLOAT -> {
                int bits = bits32(field, value);
                out.tag(number, wireType);
                out.fixed32(bits);
            }
            case TYPE_FIXED64, TYPE_SFIXED64, TYPE_DOUBLE -> {
                long bits = bits64(field, value);
                out.tag(number, wireType);
                out.fixed64(bits);
            }
            case TYPE_BOOL -> varint(out, number, value.toBool() ? 1 : 0);
            case TYPE_STRING ->
                    out.field(number, value.toText().getBytes(StandardCharsets.ISO_8859_1));
            case TYPE_BYTES -> out.field(number, value.toBytes());
            case TYPE_ENUM -> varint(out, number, enumValue(field, value, enumsInAnyCase));
            case TYPE_MESSAGE, TYPE_GROUP -> throw new Unfit(value.shown());
        }
        set(field);
    }

    private static int enumValue(FieldType field, Scalar value, boolean inAnyCase) throws Unfit {
        EnumType type = field.enumeration();
        if (type == null) {
            throw new IllegalStateException(field.name() + " has no enum");
        }
        return value.toEnum(type, inAnyCase);
    }

    private static int bits32(FieldType field, Scalar value) throws Unfit {
        return switch (field.kind()) {
            case TYPE_FIXED32 -> value.toUint32();
            case TYPE_SFIXED32 -> value.toInt32();
            default -> Float.floatToRawIntBits(value.toFloat());
        };
    }

    private static long bits64(FieldType field, Scalar value) throws Unfit {
        return switch (field.kind()) {
            case TYPE_FIXED64 -> value.toUint64();
            case TYPE_SFIXED64 -> value.toInt64();
            default -> Double.doubleToRawLongBits(value.toDouble());
        };
    }

    private static void varint(WireOut out, int number, long value) {
        out.tag(number, 0);
        out.varint(value);
    }

    /** Writes the message into the one around it. */
    void close() {
        FieldType of = field;
        if (parent == null || of == null || list) {
            return;
        }
        if (of.kind() == Kind.TYPE_GROUP) {
            parent.out.tag(of.number(), of.kind().wireType());
            parent.out.raw(out.toBytes());
            parent.out.tag(of.number(), END_GROUP);
        } else {
            parent.out.field(of.number(), out.toBytes());
        }
    }

    /** As errors name it: {@code a.b[0].c}. */
    String location() {
        List<Element> way = new ArrayList<>();
        for (Element at = this; at.parent != null; at = at.parent) {
            way.addFirst(at);
        }
        StringBuilder text = new StringBuilder();
        for (Element at : way) {
            FieldType of = at.field;
            if (of == null || at.parent == null) {
                continue;
            }
            if (!of.repeated() || at.parent.field != of) {
                text.append(text.isEmpty() ? "" : ".").append(of.name());
            }
            if (of.repeated() && at.index > 0) {
                text.append('[').append(at.index - 1).append(']');
            }
        }
        return text.toString();
    }
}
