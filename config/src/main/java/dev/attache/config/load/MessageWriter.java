package dev.attache.config.load;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import dev.attache.config.Diagnostics;
import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.load.tree.ConfigNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bytes of a message from {@link ConfigNode}s by protobuf's JSON mapping with legacy
 * syntax: field names in camel or snake case, one object where a list is expected, nested lists
 * flattened, nulls skipped. What a field is, those that are newer than its message's class too, the
 * table of the API says. Reports every bad value, not only the first.
 */
final class MessageWriter {
    private static final String ANY = "google.protobuf.Any";
    private static final String TYPE_KEY = "@type";
    private static final int TYPE_URL = 1 << 3 | 2;
    private static final int VALUE = 2 << 3 | 2;

    private final WireBuffer out = new WireBuffer();
    private final FieldWriter fields = new FieldWriter(out);
    private final ScalarWriter scalars = new ScalarWriter(fields);
    private final WellKnownForms forms = new WellKnownForms(out, fields, scalars);
    private final TypeRegistry types;
    private final MessageType root;
    private final FieldPath path;
    private final FieldErrors errors;

    /**
     * @param root the type of the message
     * @param at the path of the message, with which diagnostics begin; may be empty
     */
    MessageWriter(
            TypeRegistry types,
            UnknownFieldPolicy unknownFields,
            Diagnostics diagnostics,
            MessageType root,
            String at) {
        this.types = types;
        this.root = root;
        this.path = new FieldPath(at);
        this.errors = new FieldErrors(unknownFields, diagnostics, root, path);
    }

    /** The bytes of the message; of one with errors those of what could be read. */
    WireBuffer write(ConfigNode node) {
        message(node, root);
        return out;
    }

    private void message(ConfigNode node, MessageType type) {
        try {
            if (type.fullName().equals(ANY)) {
                any(node);
            } else if (!forms.write(node, type)) {
                content(node, type);
            }
        } catch (BadValueException e) {
            errors.report(node, type, e);
        }
    }

    private void content(ConfigNode node, MessageType type) throws BadValueException {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(node, "{");
        }
        List<ConfigNode.Entry> entries = mapping.entries();
        FieldStretches stretches = new FieldStretches(out, entries.size());
        List<OneofType> taken = List.of();
        for (ConfigNode.Entry entry : entries) {
            FieldType field = type.field(entry.key());
            if (field == null) {
                errors.unknownField(entry.key(), type);
                continue;
            }
            OneofType oneof = entry.value() instanceof ConfigNode.Null ? null : field.oneof();
            if (oneof != null) {
                if (taken.contains(oneof)) {
                    reportTaken(entry, field);
                    continue;
                }
                taken = taken.isEmpty() ? new ArrayList<>(2) : taken;
                taken.add(oneof);
            }
            stretches.begin(field);
            field(field, entry.value(), stretches);
        }
        stretches.end();
    }

    private void reportTaken(ConfigNode.Entry entry, FieldType field) {
        path.enter(field);
        String reason =
                "'"
                        + entry.key()
                        + "' has already been set (either directly or as part of a oneof)";
        errors.report(entry.value(), field, BadValueException.of(reason));
        path.leave();
    }

    private void field(FieldType field, ConfigNode value, FieldStretches stretches) {
        if (field.isRepeated() && !field.isMap()) {
            list(field, value);
            return;
        }
        path.enter(field);
        try {
            if (field.isMap()) {
                map(field, value);
            } else if (!isAbsent(field, value)) {
                single(field, value, field.hasPresence() || stretches.isAgain());
            }
        } catch (BadValueException e) {
            errors.report(value, field, e);
        }
        path.leave();
    }

    private void single(FieldType field, ConfigNode value, boolean always)
            throws BadValueException {
        if (field.kind() != FieldType.Kind.MESSAGE) {
            scalars.write(field, value, always);
            return;
        }
        out.tag(field);
        int start = out.open();
        message(value, field.message());
        out.close(start);
    }

    /** A list, or one value where legacy syntax allows it. */
    private void list(FieldType field, ConfigNode value) {
        if (value instanceof ConfigNode.Sequence sequence) {
            items(field, sequence, 0);
        } else {
            item(field, value, 0);
        }
    }

    private int items(FieldType field, ConfigNode.Sequence sequence, int first) {
        int index = first;
        for (ConfigNode item : sequence.items()) {
            index =
                    item instanceof ConfigNode.Sequence nested && !isListValue(field)
                            ? items(field, nested, index)
                            : item(field, item, index);
        }
        return index;
    }

    /** Returns the index of the next one. */
    private int item(FieldType field, ConfigNode value, int index) {
        if (isAbsent(field, value)) {
            return index;
        }
        path.enterItem(field, index);
        try {
            single(field, value, true);
        } catch (BadValueException e) {
            errors.report(value, field, e);
        }
        path.leave();
        return index + 1;
    }

    static boolean isListValue(FieldType field) {
        if (field.kind() != FieldType.Kind.MESSAGE) {
            return false;
        }
        String type = field.message().fullName();
        return type.equals("google.protobuf.Value") || type.equals("google.protobuf.ListValue");
    }

    static boolean isAbsent(FieldType field, ConfigNode value) {
        return value instanceof ConfigNode.Null
                && !(field.kind() == FieldType.Kind.MESSAGE
                        && field.message().fullName().equals("google.protobuf.Value"));
    }

    private void map(FieldType field, ConfigNode value) throws BadValueException {
        if (value instanceof ConfigNode.Null) {
            return;
        }
        if (!(value instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(value, "{");
        }
        FieldType keyField = Objects.requireNonNull(field.message().field(1));
        FieldType valueField = Objects.requireNonNull(field.message().field(2));
        Set<String> seen = new HashSet<>();
        for (ConfigNode.Entry entry : mapping.entries()) {
            if (!seen.add(entry.key())) {
                throw BadValueException.repeatedKey(entry.key());
            }
            int before = out.size();
            out.tag(field);
            int start = out.open();
            try {
                var key = new ConfigNode.Text(entry.key(), entry.line(), entry.column());
                scalars.write(keyField, key, true);
            } catch (BadValueException e) {
                out.cut(before);
                throw e;
            }
            path.enterKey(entry.key());
            mapValue(valueField, entry.value());
            path.leave();
            out.close(start);
        }
    }

    private void mapValue(FieldType field, ConfigNode value) {
        int before = out.size();
        try {
            if (!isAbsent(field, value)) {
                single(field, value, true);
            }
        } catch (BadValueException e) {
            errors.report(value, field, e);
        }
        if (out.size() == before) {
            fields.nothing(field);
        }
    }

    private void any(ConfigNode node) throws BadValueException {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(node, "{");
        }
        if (mapping.entries().isEmpty()) {
            return;
        }
        String typeUrl = typeUrl(mapping);
        if (typeUrl.indexOf('/') <= 0) {
            throw BadValueException.of(
                    "@type must contain at least one / and a nonempty host; got: " + typeUrl);
        }
        out.varint(TYPE_URL);
        out.text(typeUrl);
        String name = TypeRegistry.nameOf(typeUrl);
        MessageType type = types.message(name);
        if (type == null) {
            // Whoever looks for the extension finds that it is missing.
            if (EnvoyExtensions.hasType(name)) {
                return;
            }
            throw BadValueException.of("could not find @type '" + typeUrl + "'");
        }
        int before = out.size();
        out.varint(VALUE);
        int start = out.open();
        path.enterAny();
        message(contentOf(mapping, type), type);
        path.leave();
        if (out.size() == start) {
            out.cut(before);
        } else {
            out.close(start);
        }
    }

    private static String typeUrl(ConfigNode.Mapping mapping) throws BadValueException {
        ConfigNode type = mapping.get(TYPE_KEY);
        if (type == null) {
            throw BadValueException.of(
                    "in legacy mode, missing @type in Any is only allowed for an empty object");
        }
        return ScalarWriter.text(type);
    }

    /** What an Any holds of a type, without the type. */
    static ConfigNode contentOf(ConfigNode.Mapping any, MessageType type) {
        List<ConfigNode.Entry> rest = new ArrayList<>(any.entries().size());
        for (ConfigNode.Entry entry : any.entries()) {
            if (!entry.key().equals(TYPE_KEY)) {
                rest.add(entry);
            }
        }
        if (WellKnownForms.hasOwnForm(type)
                && rest.size() == 1
                && rest.getFirst().key().equals("value")) {
            return rest.getFirst().value();
        }
        return new ConfigNode.Mapping(rest, any.line(), any.column());
    }

    /** The type of what an Any holds, or null where nobody knows it. */
    static @Nullable MessageType typeOf(ConfigNode.Mapping any, TypeRegistry types) {
        return any.get(TYPE_KEY) instanceof ConfigNode.Text url
                ? types.message(TypeRegistry.nameOf(url.value()))
                : null;
    }
}
