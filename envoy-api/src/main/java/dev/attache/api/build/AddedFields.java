package dev.attache.api.build;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueOptions;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofOptions;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.FieldRules;
import dev.attache.api.build.Addition.Attribute;
import envoy.annotations.Deprecation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import udpa.annotations.Sensitive;

/** Writes added fields, oneofs and values into the descriptors of their types. */
final class AddedFields {
    private static final Map<String, Type> SCALARS =
            Map.ofEntries(
                    Map.entry("double", Type.TYPE_DOUBLE),
                    Map.entry("float", Type.TYPE_FLOAT),
                    Map.entry("int64", Type.TYPE_INT64),
                    Map.entry("uint64", Type.TYPE_UINT64),
                    Map.entry("int32", Type.TYPE_INT32),
                    Map.entry("fixed64", Type.TYPE_FIXED64),
                    Map.entry("fixed32", Type.TYPE_FIXED32),
                    Map.entry("bool", Type.TYPE_BOOL),
                    Map.entry("string", Type.TYPE_STRING),
                    Map.entry("bytes", Type.TYPE_BYTES),
                    Map.entry("uint32", Type.TYPE_UINT32),
                    Map.entry("sfixed32", Type.TYPE_SFIXED32),
                    Map.entry("sfixed64", Type.TYPE_SFIXED64),
                    Map.entry("sint32", Type.TYPE_SINT32),
                    Map.entry("sint64", Type.TYPE_SINT64));

    private final ApiNames names;

    AddedFields(ApiNames names) {
        this.names = names;
    }

    /** Adds to a message what the description says of it. */
    void add(Addition addition, DescriptorProto.Builder message) {
        for (Addition.Oneof oneof : addition.oneofs()) {
            add(oneof, message);
        }
        for (Addition.Field field : addition.fields()) {
            FieldDescriptorProto descriptor = field(addition, field, message);
            int known = find(field.name(), message);
            if (field.changed() != known >= 0) {
                throw field.position()
                        .wrong(field.changed() ? "there is no such field" : "the classes have it");
            }
            if (known >= 0) {
                message.setField(known, descriptor);
            } else {
                free(field, message);
                message.addField(descriptor);
            }
        }
        syntheticOneofs(message);
    }

    private static void add(Addition.Oneof oneof, DescriptorProto.Builder message) {
        int known = indexOf(oneof.name(), message);
        if (known < 0) {
            if (oneof.changed()) {
                throw oneof.position().wrong("there is no such oneof");
            }
            message.addOneofDecl(oneof(oneof.name(), oneof.required()));
            return;
        }
        boolean required = message.getOneofDecl(known).getOptions().getExtension(Validate.required);
        if (oneof.changed() == (required == oneof.required())) {
            throw oneof.position()
                    .wrong("in the classes it is " + (required ? "" : "not ") + "required");
        }
        message.setOneofDecl(known, oneof(oneof.name(), oneof.required()));
    }

    private static void free(Addition.Field field, DescriptorProto.Builder message) {
        for (FieldDescriptorProto other : message.getFieldList()) {
            if (other.getNumber() == field.number()) {
                throw field.position()
                        .wrong("number " + field.number() + " is that of " + other.getName());
            }
        }
    }

    private static int find(String name, DescriptorProto.Builder message) {
        for (int i = 0; i < message.getFieldCount(); i++) {
            if (message.getField(i).getName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static int indexOf(String oneof, DescriptorProto.Builder message) {
        for (int i = 0; i < message.getOneofDeclCount(); i++) {
            if (message.getOneofDecl(i).getName().equals(oneof)) {
                return i;
            }
        }
        return -1;
    }

    private static OneofDescriptorProto oneof(String name, boolean required) {
        OneofDescriptorProto.Builder oneof = OneofDescriptorProto.newBuilder().setName(name);
        if (required) {
            oneof.setOptions(OneofOptions.newBuilder().setExtension(Validate.required, true));
        }
        return oneof.build();
    }

    /** Those of optional fields stand behind the real ones. */
    private static void syntheticOneofs(DescriptorProto.Builder message) {
        for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
            if (field.getProto3Optional() && !field.hasOneofIndex()) {
                field.setOneofIndex(message.getOneofDeclCount());
                message.addOneofDecl(oneof("_" + field.getName(), false));
            }
        }
    }

    private FieldDescriptorProto field(
            Addition holder, Addition.Field field, DescriptorProto.Builder message) {
        FieldDescriptorProto.Builder descriptor =
                FieldDescriptorProto.newBuilder()
                        .setName(field.name())
                        .setNumber(field.number())
                        .setLabel(Label.LABEL_OPTIONAL)
                        .setProto3Optional(field.label().equals("optional"));
        String type = type(holder.fullName(), field.position(), field.type(), descriptor);
        List<Attribute> rules = rules(field.attributes());
        FieldRules constraints;
        if (field.mapKey() != null) {
            String entry = entry(holder, field, descriptor, message);
            descriptor.setLabel(Label.LABEL_REPEATED);
            descriptor
                    .setType(Type.TYPE_MESSAGE)
                    .setTypeName("." + holder.fullName() + "." + entry);
            constraints = RuleText.map(field.mapKey(), type, rules);
        } else if (field.label().equals("repeated")) {
            descriptor.setLabel(Label.LABEL_REPEATED);
            constraints = RuleText.repeated(type, rules);
        } else {
            constraints = RuleText.value(type, rules);
        }
        if (field.oneof() != null) {
            descriptor.setOneofIndex(indexOf(field.oneof(), message));
        }
        FieldOptions.Builder options = options(field.attributes());
        if (!constraints.equals(FieldRules.getDefaultInstance())) {
            options.setExtension(Validate.rules, constraints);
        }
        return descriptor.setOptions(options).build();
    }

    private String entry(
            Addition holder,
            Addition.Field field,
            FieldDescriptorProto.Builder value,
            DescriptorProto.Builder message) {
        String name = entryName(field);
        FieldDescriptorProto.Builder key = FieldDescriptorProto.newBuilder();
        type(holder.fullName(), field.position(), String.valueOf(field.mapKey()), key);
        message.addNestedType(
                DescriptorProto.newBuilder()
                        .setName(name)
                        .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                        .addField(key.setName("key").setNumber(1).setLabel(Label.LABEL_OPTIONAL))
                        .addField(
                                value.clone()
                                        .setName("value")
                                        .setNumber(2)
                                        .setLabel(Label.LABEL_OPTIONAL)));
        return name;
    }

    /** The name of the message that holds key and value of a map. */
    static String entryName(Addition.Field field) {
        StringBuilder name = new StringBuilder();
        for (String part : field.name().split("_")) {
            name.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
        }
        return name.append("Entry").toString();
    }

    /** Sets the type; returns it as {@link RuleText} takes it. */
    private String type(
            String scope, Position position, String name, FieldDescriptorProto.Builder into) {
        Type scalar = SCALARS.get(name);
        if (scalar != null) {
            into.setType(scalar);
            return name;
        }
        String fullName = names.resolve(scope, name);
        ApiNames.Place place = fullName == null ? null : names.place(fullName);
        if (place == null) {
            throw position.wrong("there is no type " + name);
        }
        into.setTypeName("." + fullName);
        into.setType(place.enumeration() ? Type.TYPE_ENUM : Type.TYPE_MESSAGE);
        return place.enumeration() ? "enum" : String.valueOf(fullName);
    }

    /** The attributes that are constraints. */
    private static List<Attribute> rules(List<Attribute> attributes) {
        List<Attribute> rules = new ArrayList<>(attributes);
        rules.removeIf(attribute -> isOption(attribute.name()));
        return rules;
    }

    private static boolean isOption(String name) {
        return name.equals("deprecated") || name.equals("disallowed") || name.equals("sensitive");
    }

    private static FieldOptions.Builder options(List<Attribute> attributes) {
        FieldOptions.Builder options = FieldOptions.newBuilder();
        for (Attribute attribute : attributes) {
            switch (attribute.name()) {
                case "deprecated" -> options.setDeprecated(true);
                case "disallowed" -> options.setExtension(Deprecation.disallowedByDefault, true);
                case "sensitive" -> options.setExtension(Sensitive.sensitive, true);
                default -> {}
            }
        }
        return options;
    }

    /** A value of an enum. */
    static EnumValueDescriptorProto value(Addition.Value value) {
        EnumValueOptions.Builder options = EnumValueOptions.newBuilder();
        for (Attribute attribute : value.attributes()) {
            switch (attribute.name()) {
                case "deprecated" -> options.setDeprecated(true);
                case "disallowed" ->
                        options.setExtension(Deprecation.disallowedByDefaultEnum, true);
                default -> throw value.position().wrong("unknown \"" + attribute.name() + "\"");
            }
        }
        return EnumValueDescriptorProto.newBuilder()
                .setName(value.name())
                .setNumber(value.number())
                .setOptions(options)
                .build();
    }
}
