package dev.attache.config.load;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.attache.config.Diagnostics;
import dev.attache.config.api.EnvoyExtensions;
import dev.attache.config.api.NewerApi;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Builds a message from {@link ConfigNode}s by protobuf's JSON mapping with legacy syntax: field
 * names in camel or snake case, one object where a list is expected, nested lists flattened, nulls
 * skipped. Reports every bad value, not only the first, and notes where each field stands.
 */
final class ProtoBuilder {
    /** Stands in error texts for the step into an Any; field paths leave it out. */
    private static final String ANY = ".<any>";

    private final TypeRegistry types;
    private final UnknownFieldPolicy unknownFields;
    private final Diagnostics diagnostics;
    private final String rootType;
    private final Map<Descriptor, Map<String, FieldDescriptor>> names = new HashMap<>();

    ProtoBuilder(
            TypeRegistry types,
            UnknownFieldPolicy unknownFields,
            Diagnostics diagnostics,
            String rootType) {
        this.types = types;
        this.unknownFields = unknownFields;
        this.diagnostics = diagnostics;
        this.rootType = rootType;
    }

    void merge(ConfigNode node, Message.Builder builder, String path) {
        try {
            message(node, builder, path);
        } catch (BadValueException e) {
            report(node, path, "message " + builder.getDescriptorForType().getFullName(), e);
        }
    }

    private void message(ConfigNode node, Message.Builder builder, String path)
            throws BadValueException {
        if (builder.getDescriptorForType().getFullName().equals("google.protobuf.Any")) {
            any(node, builder, path);
        } else if (!WellKnownTypes.merge(node, builder)) {
            fields(node, builder, path);
        }
    }

    private void fields(ConfigNode node, Message.Builder builder, String path)
            throws BadValueException {
        if (!(node instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(node, "{");
        }
        Map<String, FieldDescriptor> known = names(builder.getDescriptorForType());
        Set<Object> oneofsSet = new HashSet<>();
        for (ConfigNode.Entry entry : mapping.entries()) {
            FieldDescriptor field = known.get(entry.key());
            if (field == null) {
                newerField(entry, builder, path);
                continue;
            }
            String fieldPath = join(path, field.getName());
            diagnostics.positions().put(fieldPath(fieldPath), entry.position());
            if (oneofTakenTwice(field, entry.value(), oneofsSet)) {
                String reason =
                        "'%s' has already been set (either directly or as part of a oneof)"
                                .formatted(entry.key());
                report(entry.value(), fieldPath, kind(field), BadValueException.of(reason));
                continue;
            }
            field(field, entry.value(), builder, fieldPath);
        }
    }

    /** A field that the message's class does not know travels in it as an unknown one. */
    private void newerField(ConfigNode.Entry entry, Message.Builder builder, String path) {
        FieldDescriptor field = NewerApi.field(builder.getDescriptorForType(), entry.key());
        if (field == null) {
            unknownField(entry, builder.getDescriptorForType(), path);
            return;
        }
        String fieldPath = join(path, field.getName());
        diagnostics.positions().put(fieldPath(fieldPath), entry.position());
        DynamicMessage.Builder holder = DynamicMessage.newBuilder(field.getContainingType());
        field(field, entry.value(), holder, fieldPath);
        try {
            UnknownFieldSet added = UnknownFieldSet.parseFrom(holder.buildPartial().toByteString());
            builder.setUnknownFields(
                    builder.getUnknownFields().toBuilder().mergeFrom(added).build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("just written: " + fieldPath, e);
        }
    }

    private static boolean oneofTakenTwice(
            FieldDescriptor field, ConfigNode value, Set<Object> taken) {
        var oneof = field.getRealContainingOneof();
        return oneof != null && !(value instanceof ConfigNode.Null) && !taken.add(oneof);
    }

    private void field(FieldDescriptor field, ConfigNode value, Message.Builder into, String path) {
        try {
            if (field.isMapField()) {
                map(field, value, into, path);
            } else if (field.isRepeated()) {
                repeated(field, value, into, path, new int[1]);
            } else if (isAbsent(field, value)) {
                return;
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                Message.Builder child = into.newBuilderForField(field);
                if (into.hasField(field)) {
                    child.mergeFrom((Message) into.getField(field));
                }
                merge(value, child, path);
                into.setField(field, child.build());
            } else {
                into.setField(field, ScalarParser.parse(field, value));
            }
        } catch (BadValueException e) {
            report(value, path, kind(field), e);
        }
    }

    private void repeated(
            FieldDescriptor field,
            ConfigNode value,
            Message.Builder into,
            String path,
            int[] index) {
        if (value instanceof ConfigNode.Sequence sequence && !isListValue(field)) {
            for (ConfigNode item : sequence.items()) {
                repeated(field, item, into, path, index);
            }
            return;
        }
        if (isAbsent(field, value)) {
            return;
        }
        String itemPath = path + "[" + index[0]++ + "]";
        diagnostics.positions().put(fieldPath(itemPath), value.position());
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder child = into.newBuilderForField(field);
            merge(value, child, itemPath);
            into.addRepeatedField(field, child.build());
            return;
        }
        try {
            into.addRepeatedField(field, ScalarParser.parse(field, value));
        } catch (BadValueException e) {
            report(value, itemPath, kind(field), e);
        }
    }

    private static boolean isListValue(FieldDescriptor field) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return false;
        }
        String type = field.getMessageType().getFullName();
        return type.equals("google.protobuf.Value") || type.equals("google.protobuf.ListValue");
    }

    private static boolean isAbsent(FieldDescriptor field, ConfigNode value) {
        return value instanceof ConfigNode.Null
                && !(field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && field.getMessageType().getFullName().equals("google.protobuf.Value"));
    }

    private void map(FieldDescriptor field, ConfigNode value, Message.Builder into, String path)
            throws BadValueException {
        if (value instanceof ConfigNode.Null) {
            return;
        }
        if (!(value instanceof ConfigNode.Mapping mapping)) {
            throw BadValueException.unexpected(value, "{");
        }
        Descriptor entryType = field.getMessageType();
        FieldDescriptor keyField = entryType.findFieldByName("key");
        FieldDescriptor valueField = entryType.findFieldByName("value");
        Set<String> seen = new HashSet<>();
        for (ConfigNode.Entry entry : mapping.entries()) {
            String entryPath = path + "[\"" + entry.key() + "\"]";
            diagnostics.positions().put(fieldPath(entryPath), entry.position());
            if (!seen.add(entry.key())) {
                throw BadValueException.of(
                        "got unexpectedly-repeated repeated map key: '" + entry.key() + "'");
            }
            Message.Builder pair = into.newBuilderForField(field);
            ConfigNode key = new ConfigNode.Text(entry.key(), entry.position());
            pair.setField(keyField, ScalarParser.parse(keyField, key));
            field(valueField, entry.value(), pair, entryPath);
            into.addRepeatedField(field, pair.build());
        }
    }

    private void any(ConfigNode node, Message.Builder builder, String path)
            throws BadValueException {
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
        Optional<Message> prototype = types.find(typeUrl);
        if (prototype.isEmpty()) {
            // Whoever looks for the extension finds that it is missing.
            builder.mergeFrom(Any.newBuilder().setTypeUrl(typeUrl).build());
            if (EnvoyExtensions.hasType(TypeRegistry.nameOf(typeUrl))) {
                return;
            }
            throw BadValueException.of("could not find @type '" + typeUrl + "'");
        }
        Message.Builder content = prototype.get().newBuilderForType();
        anyContent(mapping, content, path);
        builder.mergeFrom(
                Any.newBuilder()
                        .setTypeUrl(typeUrl)
                        .setValue(content.buildPartial().toByteString())
                        .build());
    }

    private static String typeUrl(ConfigNode.Mapping mapping) throws BadValueException {
        for (ConfigNode.Entry entry : mapping.entries()) {
            if (entry.key().equals("@type")) {
                return ScalarParser.text(entry.value());
            }
        }
        throw BadValueException.of(
                "in legacy mode, missing @type in Any is only allowed for an empty object");
    }

    private void anyContent(ConfigNode.Mapping mapping, Message.Builder content, String path) {
        List<ConfigNode.Entry> rest =
                mapping.entries().stream().filter(e -> !e.key().equals("@type")).toList();
        ConfigNode body = new ConfigNode.Mapping(rest, mapping.position());
        String type = content.getDescriptorForType().getFullName();
        boolean wrapped = WellKnownTypes.hasOwnForm(type) && rest.size() == 1;
        if (wrapped && rest.getFirst().key().equals("value")) {
            body = rest.getFirst().value();
        }
        merge(body, content, path + ANY);
    }

    private Map<String, FieldDescriptor> names(Descriptor type) {
        return names.computeIfAbsent(
                type,
                t -> {
                    Map<String, FieldDescriptor> byName = new HashMap<>();
                    for (FieldDescriptor field : t.getFields()) {
                        byName.put(field.getJsonName(), field);
                        byName.put(field.getName(), field);
                    }
                    return byName;
                });
    }

    private void unknownField(ConfigNode.Entry entry, Descriptor type, String path) {
        String message =
                "Protobuf message (type %s reason INVALID_ARGUMENT: no such field: '%s') has unknown fields"
                        .formatted(type.getFullName(), entry.key());
        String fieldPath = join(path, entry.key());
        diagnostics.positions().put(fieldPath(fieldPath), entry.position());
        unknown(fieldPath, message);
    }

    private void unknown(String path, String message) {
        switch (unknownFields) {
            case REJECT -> diagnostics.error(fieldPath(path), message);
            case WARN -> diagnostics.warning(fieldPath(path), message);
            case IGNORE -> {}
        }
    }

    private void report(ConfigNode node, String path, String kind, BadValueException problem) {
        if (problem.unknown()) {
            unknown(
                    path,
                    "Protobuf message (type %s reason INVALID_ARGUMENT: %s) has unknown fields"
                            .formatted(rootType, problem.text()));
            return;
        }
        diagnostics.error(
                fieldPath(path),
                "Unable to parse JSON as proto (INVALID_ARGUMENT: invalid JSON in %s: %s, near %d:%d: %s)"
                        .formatted(
                                place(path),
                                kind,
                                node.position().line(),
                                node.position().column(),
                                problem.text()));
    }

    private static String kind(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> "message " + field.getMessageType().getFullName();
            case ENUM -> "enum " + field.getEnumType().getFullName();
            default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private String place(String path) {
        return path.isEmpty() ? rootType : rootType + " @ " + path;
    }

    private static String fieldPath(String path) {
        return path.replace(ANY, "");
    }

    private static String join(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
