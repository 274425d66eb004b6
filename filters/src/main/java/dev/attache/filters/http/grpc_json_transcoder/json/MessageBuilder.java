package dev.attache.filters.http.grpc_json_transcoder.json;

import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.WellKnown;
import org.jspecify.annotations.Nullable;

/**
 * Writes what JSON says as a message, in the order in which it says it; fields that the type does
 * not have are passed over. Loop-confined.
 *
 * <p>Longer than files here should be: the places where an object, a list or a value may stand are
 * decided together.
 */
public final class MessageBuilder implements JsonEvents {
    private final Schema schema;
    private final MessageType root;
    private final Translation translation;
    private final boolean enumsInAnyCase;
    private @Nullable Element current;

    /** Depth below what is wrong or not known. */
    private int beyond;

    private byte @Nullable [] message;

    public MessageBuilder(
            Schema schema, MessageType root, Translation translation, boolean enumsInAnyCase) {
        this.schema = schema;
        this.root = root;
        this.translation = translation;
        this.enumsInAnyCase = enumsInAnyCase;
    }

    /** Hands over the whole message once its root was closed; else null. */
    public byte @Nullable [] take() {
        byte[] whole = message;
        message = null;
        return whole;
    }

    /** Octets of heap that what is written takes. */
    public long held() {
        long held = message == null ? 0 : message.length;
        for (Element at = current; at != null; at = at.parent) {
            held += at.held();
        }
        return held;
    }

    Schema schema() {
        return schema;
    }

    MessageType root() {
        return root;
    }

    /** For what an {@code Any} holds. */
    MessageBuilder inner(MessageType type) {
        return new MessageBuilder(schema, type, translation, enumsInAnyCase);
    }

    // ---- what is wrong ------------------------------------------------------------------------

    private String location() {
        return current == null ? "" : current.location();
    }

    private void invalidName(String why) {
        translation.fail(location() + ": " + why);
    }

    void invalidValue(String type, String value) {
        translation.fail(location() + ": invalid value " + value + " for type " + type);
    }

    // ---- objects ------------------------------------------------------------------------------

    @Override
    public void startObject(String name) {
        Element at = current;
        if (beyond > 0) {
            beyond++;
        } else if (at == null) {
            startRoot(root.wellKnown());
        } else if (at.any != null) {
            at.any.startObject(name);
        } else if (at.item == Element.Item.MAP) {
            startInMap(at, name);
        } else {
            startField(name);
        }
    }

    private void startRoot(WellKnown kind) {
        openRoot();
        if (kind == WellKnown.LIST_VALUE) {
            invalidValue("google.protobuf.ListValue", "Cannot start root message with ListValue.");
        } else {
            startWithin(kind);
        }
    }

    private void openRoot() {
        Element element = Element.root(root);
        if (root.wellKnown() == WellKnown.ANY) {
            element.any = new AnyBuilder(this, element.out);
        }
        current = element;
    }

    private void startInMap(Element map, String name) {
        WellKnown kind = startEntryValue(map, name);
        if (kind != null) {
            startWithin(kind);
        }
    }

    /** Opens an entry of a map that has its key; false: the map has one already. */
    private boolean startEntry(Element map, String name) {
        if (!map.takeKey(name)) {
            invalidName("Repeated map key: '" + name + "' is already set.");
            return false;
        }
        push("", Element.Item.MESSAGE, false, false);
        field("key", Scalar.string(name));
        return true;
    }

    /** Opens the value of an entry too: what it is, or null where it is passed over. */
    private @Nullable WellKnown startEntryValue(Element map, String name) {
        if (!startEntry(map, name)) {
            beyond++;
            return null;
        }
        push("value", Element.Item.MESSAGE, true, false);
        return beyond > 0 || current == null || current.field == null
                ? null
                : current.field.wellKnown();
    }

    private void startField(String name) {
        FieldType field = begin(name, false);
        if (field == null) {
            return;
        }
        if (field.isMap()) {
            push(name, Element.Item.MAP, false, true);
        } else if (!field.kind().isMessage()) {
            beyond++;
            invalidValue(field.name(), "Starting an object on a scalar field");
        } else {
            push(name, Element.Item.MESSAGE, false, false);
            startWithin(field.wellKnown());
        }
    }

    /** The fields that an object stands for in a message that has no fields in JSON. */
    private void startWithin(WellKnown kind) {
        if (kind == WellKnown.STRUCT) {
            push("fields", Element.Item.MAP, true, true);
        } else if (kind == WellKnown.VALUE) {
            push("struct_value", Element.Item.MESSAGE, true, false);
            push("fields", Element.Item.MAP, true, true);
        }
    }

    @Override
    public void endObject() {
        end(true);
    }

    private void end(boolean object) {
        Element at = current;
        if (beyond > 0) {
            beyond--;
        } else if (at != null && at.any != null && !object) {
            at.any.endList();
        } else if (at != null && (at.any == null || !at.any.endObject())) {
            pop();
        }
    }

    // ---- lists --------------------------------------------------------------------------------

    @Override
    public void startList(String name) {
        Element at = current;
        if (beyond > 0) {
            beyond++;
        } else if (at == null) {
            startRootList();
        } else if (at.any != null) {
            at.any.startList(name);
        } else if (at.item == Element.Item.MAP) {
            startListInMap(at, name);
        } else if (name.isEmpty()) {
            startListInList(at);
        } else {
            startListField(name);
        }
    }

    private void startRootList() {
        WellKnown kind = root.wellKnown();
        if (kind == WellKnown.VALUE || kind == WellKnown.LIST_VALUE) {
            openRoot();
            listWithin(kind);
        } else {
            beyond++;
            invalidName("Root element must be a message.");
        }
    }

    private void listWithin(WellKnown kind) {
        if (kind == WellKnown.VALUE) {
            push("list_value", Element.Item.MESSAGE, true, false);
        }
        push("values", Element.Item.MESSAGE, true, true);
    }

    private static boolean isList(WellKnown kind) {
        return kind == WellKnown.VALUE || kind == WellKnown.LIST_VALUE;
    }

    private void startListInMap(Element map, String name) {
        WellKnown kind = startEntryValue(map, name);
        if (kind == null) {
            return;
        }
        if (isList(kind)) {
            listWithin(kind);
        } else {
            invalidValue("Map", "Cannot have repeated items ('" + name + "') within a map.");
        }
    }

    private void startListInList(Element list) {
        WellKnown kind = list.field == null ? WellKnown.NONE : list.field.wellKnown();
        if (isList(kind)) {
            push("", Element.Item.MESSAGE, false, false);
            listWithin(kind);
        } else {
            push("", Element.Item.MESSAGE, false, true);
        }
    }

    private void startListField(String name) {
        FieldType field = lookup(name);
        if (field == null) {
            beyond++;
        } else if (isList(field.wellKnown()) && !field.repeated()) {
            push(name, Element.Item.MESSAGE, false, false);
            listWithin(field.wellKnown());
        } else if (!field.repeated()) {
            beyond++;
            invalidName("Proto field is not repeating, cannot start list.");
        } else if (field.isMap()) {
            invalidValue("Map", "Cannot bind a list to map for field '" + name + "'.");
            beyond++;
        } else {
            push(name, Element.Item.MESSAGE, false, true);
        }
    }

    @Override
    public void endList() {
        end(false);
    }

    // ---- values -------------------------------------------------------------------------------

    @Override
    public void value(String name, Scalar value) {
        Element at = current;
        if (beyond > 0) {
            return;
        }
        if (at == null) {
            rootValue(name, value);
        } else if (at.any != null) {
            at.any.value(name, value);
        } else if (at.item == Element.Item.MAP) {
            mapValue(at, name, value);
        } else {
            fieldValue(name, value);
        }
    }

    private void rootValue(String name, Scalar value) {
        if (!root.wellKnown().isScalar()) {
            invalidName("Root element must be a message.");
            return;
        }
        openRoot();
        String wrong = wellKnown(root.wellKnown(), value);
        if (wrong != null) {
            invalidValue(root.fullName(), "Field '" + name + "', " + wrong);
        }
        pop();
    }

    /** For what an {@code Any} holds: null, or what is wrong. */
    @Nullable String wholeValue(Scalar value) {
        openRoot();
        String wrong = wellKnown(root.wellKnown(), value);
        if (wrong != null) {
            invalidValue("Any", wrong);
        }
        pop();
        return wrong;
    }

    private void mapValue(Element map, String name, Scalar value) {
        FieldType field = startEntry(map, name) ? lookup("value") : null;
        if (field == null) {
            return;
        }
        if (field.wellKnown().isScalar()) {
            push("value", Element.Item.MESSAGE, true, false);
            known(field, name, value);
        } else if (!value.isNull() || field.isNull()) {
            field("value", value);
        }
        pop();
    }

    private void fieldValue(String name, Scalar value) {
        FieldType field = lookup(name);
        if (field == null) {
            return;
        }
        WellKnown kind = field.wellKnown();
        if (kind.isScalar()) {
            if (!value.isNull() || kind == WellKnown.VALUE) {
                push(name, Element.Item.MESSAGE, false, false);
                known(field, name, value);
                pop();
            }
        } else if (!value.isNull() || field.isNull()) {
            field(name, value);
        }
    }

    private void known(FieldType field, String name, Scalar value) {
        String wrong = wellKnown(field.wellKnown(), value);
        if (wrong != null) {
            invalidValue(field.typeName(), "Field '" + name + "', " + wrong);
        }
    }

    /** Fills the message that is open; null, or what is wrong. */
    private @Nullable String wellKnown(WellKnown kind, Scalar value) {
        if (value.isNull() && kind != WellKnown.VALUE) {
            return null;
        }
        try {
            switch (kind) {
                case TIMESTAMP -> time(TimeReader.timestamp(value));
                case DURATION -> time(TimeReader.duration(value));
                case FIELD_MASK -> FieldMasks.read(value, path -> field("paths", path));
                case WRAPPER -> field("value", value);
                default -> field(fieldOfValue(value), value);
            }
            return null;
        } catch (Unfit e) {
            return e.text();
        }
    }

    private void time(TimeReader time) {
        field("seconds", Scalar.signed(time.seconds));
        field("nanos", Scalar.signed(time.nanos));
    }

    private static String fieldOfValue(Scalar value) {
        return switch (value.type()) {
            case STRING -> "string_value";
            case BOOL -> "bool_value";
            case NULL -> "null_value";
            default -> "number_value";
        };
    }

    // ---- fields -------------------------------------------------------------------------------

    private @Nullable FieldType lookup(String name) {
        Element at = current;
        if (at == null) {
            invalidName("Root element must be a message.");
            return null;
        }
        if (name.isEmpty()) {
            // What a list holds is the field's.
            if (at.field == null || !at.field.repeated()) {
                invalidName("Proto fields must have a name.");
                return null;
            }
            return at.field;
        }
        return at.type.field(name);
    }

    private @Nullable FieldType begin(String name, boolean list) {
        if (beyond > 0) {
            beyond++;
            return null;
        }
        FieldType field = lookup(name);
        if (field == null) {
            beyond++;
        } else if (list && !field.repeated()) {
            beyond++;
            invalidName("Proto field is not repeating, cannot start list.");
            return null;
        }
        return field;
    }

    private boolean free(FieldType field, String name) {
        Element at = current;
        if (at == null || field.oneof() < 0) {
            return true;
        }
        if (!at.takeOneof(field.oneof())) {
            invalidValue(
                    "oneof",
                    "oneof field '"
                            + at.type.oneofs().get(field.oneof())
                            + "' is already set. Cannot set '"
                            + name
                            + "'");
            return false;
        }
        return true;
    }

    private void push(String name, Element.Item item, boolean placeholder, boolean list) {
        FieldType field = begin(name, list);
        if (field == null) {
            return;
        }
        if (!free(field, name)) {
            beyond++;
            return;
        }
        Element parent = current;
        if (parent == null) {
            return;
        }
        Element element = parent.child(field, list, item, placeholder);
        if (!list && item == Element.Item.MESSAGE && field.wellKnown() == WellKnown.ANY) {
            element.any = new AnyBuilder(this, element.out);
        }
        current = element;
    }

    private void pop() {
        while (current != null && current.placeholder) {
            popOne(current);
        }
        if (current != null) {
            popOne(current);
        }
    }

    private void popOne(Element element) {
        if (!element.list) {
            for (String missing : element.missing()) {
                translation.fail(location() + ": missing field " + missing);
            }
        }
        element.close();
        current = element.parent;
        if (current == null) {
            message = element.out.toBytes();
        }
    }

    /** Writes a field of the message that is open. */
    private void field(String name, Scalar value) {
        Element at = current;
        FieldType field = beyond > 0 ? null : lookup(name);
        if (at == null || field == null || !free(field, name)) {
            return;
        }
        try {
            at.write(field, value, enumsInAnyCase);
        } catch (Unfit e) {
            // The place of the value itself, for what is told.
            current = at.child(field, false, Element.Item.MESSAGE, false);
            invalidValue(field.typeName(), e.text());
            current = at;
        }
    }
}
