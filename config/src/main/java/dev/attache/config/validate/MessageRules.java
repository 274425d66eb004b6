package dev.attache.config.validate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate.FieldRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The constraints of one message type, ready to run.
 *
 * @param disabled the type switches its constraints off
 * @param fields checks of single fields and of required oneofs, in the order Envoy runs them
 * @param embedded message fields whose content is checked by its own type's rules
 */
record MessageRules(boolean disabled, List<FieldRule> fields, List<FieldDescriptor> embedded) {
    MessageRules {
        fields = List.copyOf(fields);
        embedded = List.copyOf(embedded);
    }

    /** What a required oneof says when nothing of it is set; stands without the usual prefix. */
    static final String ONEOF_REQUIRED = "is required";

    /** One check; calls the consumer with field name (and index) and reason for each violation. */
    interface FieldRule {
        void check(Message message, BiConsumer<String, String> violation);
    }

    static MessageRules of(Descriptor type) {
        boolean disabled =
                type.getOptions().getExtension(Validate.disabled)
                        || type.getOptions().getExtension(Validate.ignored);
        List<FieldRule> checks = new ArrayList<>();
        List<FieldDescriptor> embedded = new ArrayList<>();
        for (FieldDescriptor field : type.getFields()) {
            FieldRules rules = field.getOptions().getExtension(Validate.rules);
            if (hasRules(rules)) {
                checks.add(FieldRuleCompiler.compile(field, rules));
            }
            if (descends(field, rules)) {
                embedded.add(field);
            }
        }
        for (OneofDescriptor oneof : type.getOneofs()) {
            if (oneof.getOptions().getExtension(Validate.required)) {
                checks.add((message, violation) -> {
                    if (message.getOneofFieldDescriptor(oneof) == null) {
                        violation.accept(oneof.getName(), ONEOF_REQUIRED);
                    }
                });
            }
        }
        return new MessageRules(disabled, checks, embedded);
    }

    private static boolean hasRules(FieldRules rules) {
        return rules.hasMessage() || rules.getTypeCase() != FieldRules.TypeCase.TYPE_NOT_SET;
    }

    private static boolean descends(FieldDescriptor field, FieldRules rules) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || rules.getMessage().getSkip()) {
            return false;
        }
        Descriptor target = field.getMessageType();
        if (field.isMapField()) {
            FieldDescriptor value = target.findFieldByNumber(2);
            if (value.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                return false;
            }
            target = value.getMessageType();
        }
        return !target.getFullName().startsWith("google.protobuf.");
    }

    /** {@code filter_chains} as {@code FilterChains}; an index behind the name stays. */
    static String camelCase(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = true;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }
}
